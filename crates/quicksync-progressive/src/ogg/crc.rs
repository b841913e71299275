//! The checksum of an Ogg page (RFC 3533 section 6): CRC-32 with polynomial 0x04c11db7, most
//! significant bit first, from zero, nothing inverted.

const POLYNOMIAL: u32 = 0x04c1_1db7;

/// `TABLES[k][b]`: what byte `b` followed by `k` zero bytes comes to. Eight bytes at a time: a page
/// is sent in less time than it is read.
static TABLES: [[u32; 256]; 8] = tables();

#[expect(clippy::cast_possible_truncation, reason = "the index is below 256")]
const fn tables() -> [[u32; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = (byte as u32) << 24;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 0x8000_0000 == 0 { crc << 1 } else { (crc << 1) ^ POLYNOMIAL };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
    }
    let mut zeros = 1;
    while zeros < 8 {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[zeros - 1][byte];
            tables[zeros][byte] = (before << 8) ^ tables[0][(before >> 24) as usize];
            byte += 1;
        }
        zeros += 1;
    }
    tables
}

/// The checksum of `bytes`.
pub(super) fn crc(bytes: &[u8]) -> u32 {
    let (eights, rest) = bytes.as_chunks::<8>();
    let crc = eights.iter().fold(0_u32, |crc, eight| {
        let [a, b, c, d] = crc.to_be_bytes();
        let mixed = [eight[0] ^ a, eight[1] ^ b, eight[2] ^ c, eight[3] ^ d];
        let all = mixed.iter().chain(&eight[4..]).zip(TABLES.iter().rev());
        all.fold(0, |sum, (byte, table)| sum ^ table[usize::from(*byte)])
    });
    rest.iter().fold(crc, |crc, byte| {
        let [top, ..] = crc.to_be_bytes();
        (crc << 8) ^ TABLES[0][usize::from(top ^ byte)]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bit by bit, as the polynomial says.
    fn slow(bytes: &[u8]) -> u32 {
        bytes.iter().fold(0, |crc, byte| {
            (0..8).fold(crc ^ (u32::from(*byte) << 24), |crc: u32, _| {
                if crc & 0x8000_0000 == 0 { crc << 1 } else { (crc << 1) ^ POLYNOMIAL }
            })
        })
    }

    #[test]
    fn eight_at_a_time_is_one_at_a_time() {
        let bytes: Vec<u8> = (0..200_u8).map(|n| n.wrapping_mul(37) ^ (n >> 2)).collect();
        for length in 0..bytes.len() {
            assert_eq!(crc(&bytes[..length]), slow(&bytes[..length]), "{length} bytes");
        }
        // "123456789" under this polynomial without inversion, as published catalogues give it.
        assert_eq!(crc(b"123456789"), 0x89a1_897f);
    }
}
