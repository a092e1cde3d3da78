//! Pictures beside the kept ones.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use image::RgbaImage;
use png::{BitDepth, ColorType, Compression, Encoder, Filter};

/// Colour distance of two pixels that pass as the same, of dify's 35,215: what rounding to [`STEP`] needs, and the
/// difference between two builds of one font renderer.
const THRESHOLD: f32 = 400.0;
/// Pixels that may differ, of all: a letter has some fifty, a picture about a million.
const TOLERATED: usize = 20;
/// Kept pictures have 32 shades a colour. It cannot be seen, and halves them.
const STEP: u8 = 8;

/// Where pictures are kept and where those that changed are left for people to look at.
pub(crate) struct Pictures {
    kept: PathBuf,
    changed: PathBuf,
    accept: bool,
}

impl Pictures {
    /// With `COMPANION_PICTURES=accept` what is taken is kept and nothing is compared.
    pub(crate) fn open() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let accept = std::env::var("COMPANION_PICTURES").is_ok_and(|value| value == "accept");
        let pictures =
            Self { kept: root.join("tests/e2e/pictures"), changed: root.join("target/pictures"), accept };
        for folder in [&pictures.kept, &pictures.changed] {
            fs::create_dir_all(folder).expect("a folder for pictures");
        }
        for left_over in files_of(&pictures.changed) {
            fs::remove_file(pictures.changed.join(left_over)).expect("no picture of an earlier run");
        }
        pictures
    }

    /// What is wrong with the picture of this name, in a line; nothing if it looks as it did.
    pub(crate) fn judge(&self, name: &str, png: &[u8]) -> Option<String> {
        let taken = image::load_from_memory(png).expect("a picture").into_rgba8();
        let kept = self.kept.join(format!("{name}.png"));
        let before = match image::open(&kept) {
            Ok(image) => Some(image.into_rgba8()),
            Err(image::ImageError::IoError(error)) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => panic!("{}: {error}", kept.display()),
        };
        let problem = difference(before.as_ref(), &taken)?;
        if self.accept {
            write(&kept, &taken);
            return None;
        }
        write(&self.changed.join(format!("{name}.new.png")), &taken);
        if let Some(marked) = problem.marked {
            write(&self.changed.join(format!("{name}.difference.png")), &marked);
        }
        Some(format!("{name}: {}", problem.said))
    }

    /// Kept pictures that no scene has any more; gone when accepting.
    pub(crate) fn left_over(&self, names: &[String]) -> Vec<String> {
        let mut over = files_of(&self.kept);
        over.retain(|file| {
            !file.strip_suffix(".png").is_some_and(|name| names.iter().any(|one| one == name))
        });
        if !self.accept {
            return over;
        }
        for file in over {
            fs::remove_file(self.kept.join(file)).expect("a picture that goes");
        }
        Vec::new()
    }
}

struct Difference {
    said: String,
    marked: Option<RgbaImage>,
}

fn difference(before: Option<&RgbaImage>, taken: &RgbaImage) -> Option<Difference> {
    let Some(before) = before else {
        return Some(Difference { said: "there is no kept picture".to_owned(), marked: None });
    };
    if before.dimensions() != taken.dimensions() {
        let (old, new) = (before.dimensions(), taken.dimensions());
        return Some(Difference { said: format!("{new:?} pixels, kept are {old:?}"), marked: None });
    }
    let (count, marked) =
        dify::diff::get_results(before.clone(), taken.clone(), THRESHOLD, true, Some(0.2), &None, &None)?;
    let count = usize::try_from(count).unwrap_or_default();
    (count > TOLERATED).then(|| Difference { said: format!("{count} pixels differ"), marked: Some(marked) })
}

/// Writes with a palette of the 256 commonest colours; a rarer one, on the edge of some letter, becomes the nearest.
fn write(path: &Path, picture: &RgbaImage) {
    let pixels: Vec<[u8; 3]> =
        picture.pixels().map(|pixel| [pixel[0], pixel[1], pixel[2]].map(rounded)).collect();
    // Pages are flat: a stretch of one colour is looked up once.
    let stretches: Vec<(&[u8; 3], usize)> =
        pixels.chunk_by(PartialEq::eq).filter_map(|same| Some((same.first()?, same.len()))).collect();
    let mut counts: BTreeMap<[u8; 3], usize> = BTreeMap::new();
    for (colour, length) in &stretches {
        *counts.entry(**colour).or_default() += length;
    }
    let mut palette: Vec<[u8; 3]> = counts.keys().copied().collect();
    palette.sort_by_key(|colour| std::cmp::Reverse(counts[colour]));
    palette.truncate(256);
    let apart = |a: [u8; 3], b: [u8; 3]| -> u32 {
        a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
    };
    let places: BTreeMap<[u8; 3], u8> = counts
        .keys()
        .map(|colour| {
            (
                *colour,
                (0..=255)
                    .zip(&palette)
                    .min_by_key(|(_, other)| apart(*colour, **other))
                    .map_or(0, |(place, _)| place),
            )
        })
        .collect();
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, picture.width(), picture.height());
    encoder.set_depth(BitDepth::Eight);
    encoder.set_color(ColorType::Indexed);
    encoder.set_palette(palette.concat());
    encoder.set_filter(Filter::NoFilter);
    encoder.set_compression(Compression::High);
    let bytes: Vec<u8> =
        stretches.iter().flat_map(|(colour, length)| std::iter::repeat_n(places[*colour], *length)).collect();
    encoder.write_header().and_then(|mut writer| writer.write_image_data(&bytes)).expect("a PNG");
    fs::write(path, file).expect("a picture is written");
}

/// The nearest shade that is kept; black and white stay what they are.
fn rounded(shade: u8) -> u8 {
    let step = u16::from(STEP);
    let place = (u16::from(shade) * (256 / step - 1) + 127) / 255;
    u8::try_from(place * 255 / (256 / step - 1)).unwrap_or(u8::MAX)
}

fn files_of(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder of pictures").flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

#[cfg(test)]
mod tests {
    use image::Rgba;

    use super::*;

    fn page() -> RgbaImage {
        RgbaImage::from_fn(200, 100, |x, y| {
            if (x / 7 + y / 5) % 2 == 0 { Rgba([27, 31, 29, 255]) } else { Rgba([246, 247, 246, 255]) }
        })
    }

    #[test]
    fn a_kept_picture_is_the_same_as_the_one_taken() {
        let taken = page();
        let kept = RgbaImage::from_fn(200, 100, |x, y| {
            let Rgba([r, g, b, a]) = *taken.get_pixel(x, y);
            Rgba([rounded(r), rounded(g), rounded(b), a])
        });
        assert!(difference(Some(&kept), &taken).is_none());
    }

    #[test]
    fn a_letter_more_is_a_difference() {
        let mut changed = page();
        for (x, y) in (20..26).flat_map(|x| (30..40).map(move |y| (x, y))) {
            changed.put_pixel(x, y, Rgba([180, 35, 24, 255]));
        }
        assert!(difference(Some(&page()), &changed).is_some());
        assert!(difference(None, &changed).is_some(), "a picture nobody has kept");
    }

    #[test]
    fn black_and_white_are_kept() {
        assert_eq!([0, 255].map(rounded), [0, 255]);
        assert!((0..=255).all(|shade: u8| rounded(shade).abs_diff(shade) <= STEP / 2 + 1));
    }
}
