//! Bytes cut anywhere decode to the same frames, within bounds, without panic.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use runinfra::sse::{Frame, FrameDecoder, FrameError};

const LIMIT: usize = 4096;

fn decode<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Result<Vec<Frame>, FrameError> {
    let mut decoder = FrameDecoder::new(LIMIT);
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

fuzz_target!(|input: (u8, &[u8])| {
    let (size, bytes) = input;
    let whole = decode(std::iter::once(bytes));
    let cut = decode(bytes.chunks(usize::from(size).max(1)));
    assert_eq!(whole, cut);
    if let Ok(frames) = whole {
        assert!(frames.iter().all(|frame| frame.data.len() <= LIMIT));
    }
});
