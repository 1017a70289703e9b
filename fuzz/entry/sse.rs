//! Bytes cut anywhere decode to the same frames, within bounds, without panic. The first byte is how long the pieces are.

use bytes::Bytes;
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

/// Feeds `input` to the decoder.
pub(crate) fn check(input: &[u8]) {
    let Some((size, bytes)) = input.split_first() else {
        return;
    };
    let whole = decode(std::iter::once(bytes));
    let cut = decode(bytes.chunks(usize::from(*size).max(1)));
    assert_eq!(whole, cut);
    if let Ok(frames) = whole {
        assert!(frames.iter().all(|frame| frame.data.len() <= LIMIT));
    }
}
