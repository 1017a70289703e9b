use proptest::prelude::*;

use super::*;

const LIMIT: usize = 1 << 20;

/// Feeds `pieces` one by one and reads to the end.
fn decode<'a>(
    pieces: impl IntoIterator<Item = &'a [u8]>,
    limit: usize,
) -> Result<Vec<Frame>, FrameError> {
    let mut decoder = FrameDecoder::new(limit);
    let mut frames = Vec::new();
    for piece in pieces {
        decoder.push(Bytes::copy_from_slice(piece));
        while let Some(frame) = decoder.next_frame()? {
            frames.push(frame);
        }
    }
    while let Some(frame) = decoder.finish()? {
        frames.push(frame);
    }
    Ok(frames)
}

fn shown(bytes: &[u8]) -> Vec<(Option<String>, String)> {
    let frames = decode([bytes], LIMIT).unwrap();
    frames
        .into_iter()
        .map(|frame| {
            (
                frame.event.map(|name| name.to_string()),
                frame.data.to_string(),
            )
        })
        .collect()
}

fn data(bytes: &[u8]) -> Vec<String> {
    shown(bytes).into_iter().map(|(_, data)| data).collect()
}

#[test]
fn the_format() {
    let rows: &[(&[u8], &[&str])] = &[
        (b"data: a\n\n", &["a"]),
        (b"data: a\r\n\r\n", &["a"]),
        (b"data: a\r\r", &["a"]),
        (b"data: a\r\n\n", &["a"]),
        (b"data: a\n\r\n", &["a"]),
        (b"data:a\n\n", &["a"]),
        (b"data:  a\n\n", &[" a"]),
        (b"data: a\ndata: b\n\n", &["a\nb"]),
        (b"data: a\ndata:\ndata: b\n\n", &["a\n\nb"]),
        (b"data\ndata\n\n", &["\n"]),
        (b"data:\n\n", &[""]),
        (b"data\n\n", &[""]),
        (b": comment\n\ndata: a\n\n", &["a"]),
        (b":\ndata: a\n: more\n\n", &["a"]),
        (
            b"id: 7\nretry: 10\nother: x\na-long-field-name: x\ndata: a\n\n",
            &["a"],
        ),
        (b"event: ping\n\ndata: a\n\n", &["a"]),
        (b"\n\n\ndata: a\n\n\n\n", &["a"]),
        (b"\xEF\xBB\xBFdata: a\n\n", &["a"]),
        (b"\xEF\xBB\xBF\n\ndata: a\n\n", &["a"]),
        (b"\n\xEF\xBB\xBFdata: a\n\n", &[]),
        (b"\xEF\xBB\xBF\xEF\xBB\xBFdata: a\n\n", &[]),
        (b" data: a\n\n", &[]),
        (b"Data: a\n\n", &[]),
        (b"data: a: b\n\n", &["a: b"]),
        ("data: žluť 🦀\n\n".as_bytes(), &["žluť 🦀"]),
        (b"data: a", &["a"]),
        (b"data: a\n", &["a"]),
        (b"data: a\n\ndata: b", &["a", "b"]),
        (b"data: a\r", &["a"]),
        (b"", &[]),
        (b"\xEF\xBB\xBF", &[]),
        (b"data: a\0b\n\n", &["a\0b"]),
    ];
    for (bytes, wanted) in rows {
        assert_eq!(
            data(bytes),
            *wanted,
            "{:?}",
            bytes.escape_ascii().to_string()
        );
    }
}

#[test]
fn an_event_keeps_its_last_name_and_no_other_events() {
    let frames = shown(b"event: one\nevent: two\ndata: a\n\ndata: b\n\nevent: gone\n\ndata: c\n\n");
    let wanted = [(Some("two"), "a"), (None, "b"), (None, "c")];
    assert_eq!(
        frames,
        wanted.map(|(name, data)| (name.map(str::to_owned), data.to_owned()))
    );
}

#[test]
fn what_is_not_utf8_is_refused() {
    for bytes in [
        b"data: \xFF\n\n".as_slice(),
        b"event: \xC3\ndata: a\n\n",
        b"data: \xE2\x82",
        b"data: \xC3\ndata: \xA9\n\n",
    ] {
        assert_eq!(
            decode([bytes], LIMIT),
            Err(FrameError::NotUtf8),
            "{:?}",
            bytes.escape_ascii().to_string()
        );
    }
    // What is skipped anyway is not looked at.
    assert_eq!(data(b": \xFF\nid: \xFF\ndata: a\n\n"), ["a"]);
}

#[test]
fn an_event_is_bounded_however_it_grows() {
    let limit = 64;
    let refused = Err(FrameError::TooLarge { limit });
    let line = format!("data: {}", "x".repeat(70));
    let whole = format!("{line}\n\n");
    let many = "data: xxxxxxxxxx\n".repeat(8);
    let comment = format!(":{}\n\n", "x".repeat(70));
    for text in [&line, &whole, &many, &comment] {
        assert_eq!(decode([text.as_bytes()], limit), refused, "{text}");
        assert_eq!(decode(text.as_bytes().chunks(1), limit), refused, "{text}");
    }
    let fits = format!("data: {}\n\n", "x".repeat(58));
    assert_eq!(
        decode([fits.repeat(100).as_bytes()], limit).unwrap().len(),
        100
    );
}

#[test]
fn frames_within_a_chunk_are_views_of_it() {
    let chunk = Bytes::from_static(b"data: one\n\ndata: two\n\n");
    let range = chunk.as_ptr() as usize..chunk.as_ptr() as usize + chunk.len();
    let mut decoder = FrameDecoder::new(LIMIT);
    decoder.push(chunk.clone());
    for wanted in ["one", "two"] {
        let frame = decoder.next_frame().unwrap().unwrap();
        assert_eq!(frame.data, wanted);
        assert!(range.contains(&(frame.data.as_ptr() as usize)));
    }
}

/// Bytes in which everything that matters to the format is frequent.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"data: {\"a\":1}".to_vec()),
        Just(b"data:".to_vec()),
        Just(b"event: x".to_vec()),
        Just(b": comment".to_vec()),
        Just("data: é🦀".as_bytes().to_vec()),
        Just(b"\xEF\xBB\xBF".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\r\n\r\n".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..4),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_chunking_gives_the_same_events(bytes in stream(), cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..20)) {
        let whole = decode([bytes.as_slice()], LIMIT);
        prop_assert_eq!(&whole, &decode(bytes.chunks(1), LIMIT), "byte by byte");
        let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        at.extend([0, bytes.len()]);
        at.sort_unstable();
        let pieces = at.windows(2).map(|pair| &bytes[pair[0]..pair[1]]);
        prop_assert_eq!(&whole, &decode(pieces, LIMIT));
    }

    #[test]
    fn pushing_ahead_changes_nothing(bytes in stream()) {
        let mut decoder = FrameDecoder::new(LIMIT);
        for piece in bytes.chunks(3) {
            decoder.push(Bytes::copy_from_slice(piece));
        }
        let mut ahead = Ok(Vec::new());
        loop {
            match (decoder.finish(), &mut ahead) {
                (Ok(Some(frame)), Ok(frames)) => frames.push(frame),
                (Ok(None), _) => break,
                (Err(error), _) => { ahead = Err(error); break }
                _ => unreachable!(),
            }
        }
        prop_assert_eq!(ahead, decode([bytes.as_slice()], LIMIT));
    }

    #[test]
    fn what_is_written_is_read(texts in proptest::collection::vec("[^\r\n]{0,40}", 0..10), crlf in any::<bool>()) {
        let end = if crlf { "\r\n" } else { "\n" };
        let bytes = texts.iter().fold(String::new(), |bytes, text| bytes + "data: " + text + end + end);
        prop_assert_eq!(data(bytes.as_bytes()), texts);
    }
}

#[test]
fn line_ends_are_found_in_pieces_of_any_length_and_nothing_else_is() {
    // Neighbours of LF and CR, and the same with the high bit set.
    let others = [
        0x00, 0x01, 0x09, 0x0B, 0x0C, 0x0E, 0x20, 0x80, 0x8A, 0x8D, 0xFF,
    ];
    for length in 0..=80 {
        for other in others {
            let mut bytes = vec![other; length];
            assert!(!has_line_end(&bytes), "{length} of {other:#x}");
            for at in 0..length {
                for end in [b'\n', b'\r'] {
                    bytes[at] = end;
                    assert!(
                        has_line_end(&bytes),
                        "{end:#x} at {at} of {length} of {other:#x}"
                    );
                }
                bytes[at] = other;
            }
        }
    }
}
