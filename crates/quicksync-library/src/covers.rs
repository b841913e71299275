//! Decides which bytes are a cover, and makes small ones.
//!
//! Knows: JPEG, PNG and WebP by their content, never by name or claim. Never: a picture that is a
//! program (SVG), or one large enough to be a weapon.

use std::io::Cursor;
use std::panic::catch_unwind;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

/// The largest cover that is kept. Scans of a whole booklet are larger; nobody needs them in a list.
pub(crate) const MAX_COVER_BYTES: u64 = 10 * 1024 * 1024;
/// The longest side of a cover that is kept, in pixels.
const MAX_SIDE_PX: u32 = 6000;
/// Memory one decoding may take: [`MAX_SIDE_PX`] squared in RGBA.
const MAX_DECODE_BYTES: u64 = 6000 * 6000 * 4;
/// Sizes of thumbnails, in pixels.
const THUMBNAIL_PX: std::ops::RangeInclusive<u32> = 16..=1024;
const THUMBNAIL_JPEG_QUALITY: u8 = 85;

/// A raster image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// `image/jpeg`, `image/png` or `image/webp`, by content.
    pub media_type: &'static str,
    /// The image.
    pub bytes: Vec<u8>,
}

/// Why bytes are no cover.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CoverError {
    /// Not JPEG, PNG or WebP, whatever it calls itself.
    #[error("not a picture we show: JPEG, PNG and WebP are")]
    Unsupported,
    /// More bytes or pixels than a cover may have.
    #[error("the picture is too large")]
    TooLarge,
    /// The bytes contradict their own format.
    #[error("the picture is damaged: {0}")]
    Malformed(String),
}

/// The cover in `bytes`, if they are one: its headers are read, not its pixels.
///
/// # Errors
/// See [`CoverError`].
pub fn verified_cover(bytes: Vec<u8>) -> Result<Cover, CoverError> {
    if bytes.len() as u64 > MAX_COVER_BYTES {
        return Err(CoverError::TooLarge);
    }
    let (format, media_type) = raster_format(&bytes)?;
    let (width, height) = without_panics(|| {
        let reader = ImageReader::with_format(Cursor::new(bytes.as_slice()), format);
        reader.into_dimensions().map_err(|error| CoverError::Malformed(error.to_string()))
    })?;
    if width.max(height) > MAX_SIDE_PX {
        return Err(CoverError::TooLarge);
    }
    Ok(Cover { media_type, bytes })
}

/// `bytes` scaled to fit a square of `size` pixels, which is held to 16..=1024: JPEG, or PNG where
/// it is transparent. Never larger than the original, and turned as its EXIF says.
///
/// # Errors
/// See [`CoverError`].
pub fn cover_thumbnail(bytes: &[u8], size: u32) -> Result<Cover, CoverError> {
    let size = size.clamp(*THUMBNAIL_PX.start(), *THUMBNAIL_PX.end());
    let (format, _) = raster_format(bytes)?;
    without_panics(|| {
        let picture = decode(bytes, format)?;
        let fits = picture.width().max(picture.height()) <= size;
        let small = if fits { picture } else { picture.thumbnail(size, size) };
        encode(&small)
    })
}

fn raster_format(bytes: &[u8]) -> Result<(ImageFormat, &'static str), CoverError> {
    match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg) => Ok((ImageFormat::Jpeg, "image/jpeg")),
        Ok(ImageFormat::Png) => Ok((ImageFormat::Png, "image/png")),
        Ok(ImageFormat::WebP) => Ok((ImageFormat::WebP, "image/webp")),
        _ => Err(CoverError::Unsupported),
    }
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, CoverError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE_PX);
    limits.max_image_height = Some(MAX_SIDE_PX);
    limits.max_alloc = Some(MAX_DECODE_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| image_error(&error))?;
    let orientation = decoder.orientation().map_err(|error| image_error(&error))?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| image_error(&error))?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn encode(picture: &DynamicImage) -> Result<Cover, CoverError> {
    let mut bytes = Cursor::new(Vec::new());
    let media_type = if picture.color().has_alpha() {
        let rgba = DynamicImage::from(picture.to_rgba8());
        rgba.write_to(&mut bytes, ImageFormat::Png).map_err(|error| image_error(&error))?;
        "image/png"
    } else {
        let encoder = JpegEncoder::new_with_quality(&mut bytes, THUMBNAIL_JPEG_QUALITY);
        picture.to_rgb8().write_with_encoder(encoder).map_err(|error| image_error(&error))?;
        "image/jpeg"
    };
    Ok(Cover { media_type, bytes: bytes.into_inner() })
}

fn image_error(error: &image::ImageError) -> CoverError {
    match error {
        image::ImageError::Limits(_) => CoverError::TooLarge,
        other => CoverError::Malformed(other.to_string()),
    }
}

fn without_panics<T>(
    work: impl FnOnce() -> Result<T, CoverError> + std::panic::UnwindSafe,
) -> Result<T, CoverError> {
    catch_unwind(work).unwrap_or_else(|_| Err(CoverError::Malformed("its parser gave up".into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(width, height).write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    fn size(cover: &Cover) -> (u32, u32) {
        let picture = image::load_from_memory(&cover.bytes).unwrap();
        (picture.width(), picture.height())
    }

    #[test]
    fn covers_are_known_by_content_and_bounded() {
        let mut lying = png(10, 10);
        lying[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        let huge = vec![0xff; 10 * 1024 * 1024 + 1];
        assert_eq!(verified_cover(png(10, 10)).unwrap().media_type, "image/png");
        assert_eq!(verified_cover(png(6001, 1)), Err(CoverError::TooLarge));
        assert_eq!(verified_cover(huge), Err(CoverError::TooLarge));
        assert!(verified_cover(lying).is_err());
        for bytes in [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"", b"GIF89a", b"BM"] {
            assert_eq!(verified_cover(bytes.to_vec()), Err(CoverError::Unsupported), "{bytes:?}");
        }
    }

    #[test]
    fn thumbnails_fit_their_square() {
        for (width, height, wanted, expected) in [
            (100, 100, 50, (50, 50)),
            (100, 50, 50, (50, 25)),
            (30, 20, 50, (30, 20)),
            (2000, 2000, 9999, (1024, 1024)),
            (100, 100, 0, (16, 16)),
            (3000, 1, 16, (16, 1)),
        ] {
            let small = cover_thumbnail(&png(width, height), wanted).unwrap();
            assert_eq!(size(&small), expected, "{width} x {height} to {wanted}");
            assert_eq!(small.media_type, "image/jpeg");
        }
        let mut clear = Cursor::new(Vec::new());
        DynamicImage::new_rgba8(64, 64).write_to(&mut clear, ImageFormat::Png).unwrap();
        assert_eq!(cover_thumbnail(clear.get_ref(), 32).unwrap().media_type, "image/png");
    }

    #[test]
    fn damaged_pictures_are_errors() {
        let whole = png(64, 64);
        for cut in 0..whole.len() - 12 {
            let _ = verified_cover(whole[..cut].to_vec());
            assert!(cover_thumbnail(&whole[..cut], 32).is_err(), "cut at {cut}");
        }
        assert_eq!(cover_thumbnail(b"<svg/>", 32), Err(CoverError::Unsupported));
        assert_eq!(cover_thumbnail(&png(6001, 2), 32), Err(CoverError::TooLarge));
    }
}
