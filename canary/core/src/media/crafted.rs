//! Recordings taken apart and put together again, for what no encoder writes by itself.

/// The checksum of an Ogg page whose own is zero (RFC 3533, section 6).
fn checksum(page: &[u8]) -> u32 {
    page.iter().fold(0, |crc: u32, byte| {
        let mixed = crc ^ (u32::from(*byte) << 24);
        (0..8).fold(mixed, |crc, _| {
            let carry = if crc >> 31 == 1 { 0x04C1_1DB7 } else { 0 };
            (crc << 1) ^ carry
        })
    })
}

/// An Ogg page with the checksum that it should have.
pub(super) fn sealed(mut page: Vec<u8>) -> Vec<u8> {
    page[22..26].fill(0);
    let sum = checksum(&page);
    page[22..26].copy_from_slice(&sum.to_le_bytes());
    page
}

/// The pages of an Ogg file.
pub(super) fn pages(file: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = file;
    let mut pages = Vec::new();
    while !rest.is_empty() {
        let segments = usize::from(rest[26]);
        let body: usize = rest[27..27 + segments]
            .iter()
            .copied()
            .map(usize::from)
            .sum();
        let (page, after) = rest.split_at(27 + segments + body);
        pages.push(page.to_vec());
        rest = after;
    }
    pages
}

/// The frames of an ADTS file, with their heads of seven bytes.
pub(super) fn adts_frames(file: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = file;
    let mut frames = Vec::new();
    while !rest.is_empty() {
        let size =
            usize::from(rest[3] & 3) << 11 | usize::from(rest[4]) << 3 | usize::from(rest[5] >> 5);
        let (frame, after) = rest.split_at(size);
        frames.push(frame.to_vec());
        rest = after;
    }
    frames
}
