//! Pictures beside the kept ones.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use image::RgbaImage;
use png::{BitDepth, ColorType, Compression, Encoder, Filter};

use super::engine;

/// How different two pictures may be that pass as the same.
#[derive(Debug, Clone, Copy)]
struct Gate {
    /// Colour distance of two pixels that pass as the same, of dify's 35,215.
    threshold: f32,
    /// Whether pixels that smooth an edge are left out.
    without_edges: bool,
    /// Pixels that may differ, of all.
    tolerated: usize,
}

/// Where the kept pictures were drawn.
const STRICT: Gate = Gate { threshold: 60.0, without_edges: false, tolerated: 3 };
/// Elsewhere another build of the engine or of a font smooths edges in its own way.
const COARSE: Gate = Gate { threshold: 400.0, without_edges: true, tolerated: 20 };

/// Kept pictures have 32 shades a colour. It cannot be seen, and halves them.
const STEP: u8 = 8;

/// Where pictures are kept and where those that changed are left for people to look at.
pub(crate) struct Pictures {
    kept: PathBuf,
    changed: PathBuf,
    accept: bool,
    gate: Gate,
}

impl Pictures {
    /// With `COMPANION_PICTURES=accept` what is taken is kept and nothing is compared.
    pub(crate) fn open() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let accept = std::env::var("COMPANION_PICTURES").is_ok_and(|value| value == "accept");
        let (kept, changed) = (root.join("tests/e2e/pictures"), root.join("target/pictures"));
        let gate = if accept || engine::drew(&kept) { STRICT } else { COARSE };
        let pictures = Self { kept, changed, accept, gate };
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
        let taken = reduced(&read(png));
        let [new, marked] = ["new", "difference"].map(|what| self.changed.join(format!("{name}.{what}.png")));
        // What an earlier take left: this one may look as it did.
        for left_over in [&new, &marked] {
            let _gone = fs::remove_file(left_over);
        }
        let file = self.kept.join(format!("{name}.png"));
        let before = match fs::read(&file) {
            Ok(before) if before == taken => return None,
            Ok(before) => Some(read(&before)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => panic!("{}: {error}", file.display()),
        };
        let problem = difference(before.as_ref(), &read(&taken), self.gate)?;
        if self.accept {
            fs::write(&file, taken).expect("a picture is written");
            return None;
        }
        fs::write(new, taken).expect("a picture is written");
        if let Some(difference) = problem.marked {
            fs::write(marked, reduced(&difference)).expect("a picture is written");
        }
        Some(format!("{name}: {}", problem.said))
    }

    /// Kept pictures that no scene has any more; gone when accepting.
    pub(crate) fn left_over(&self, names: &[String]) -> Vec<String> {
        let mut over = files_of(&self.kept);
        over.retain(|file| {
            !engine::is_note(file)
                && !file.strip_suffix(".png").is_some_and(|name| names.iter().any(|one| one == name))
        });
        if !self.accept {
            return over;
        }
        engine::note(&self.kept);
        for file in over {
            fs::remove_file(self.kept.join(file)).expect("a picture that goes");
        }
        Vec::new()
    }
}

/// A picture as it would be kept.
pub(crate) fn as_kept(png: &[u8]) -> RgbaImage {
    read(&reduced(&read(png)))
}

/// Whether another picture would be seen to differ from a kept one, where that was drawn.
pub(crate) fn notices(kept: &RgbaImage, png: &[u8]) -> bool {
    difference(Some(kept), &as_kept(png), STRICT).is_some()
}

struct Difference {
    said: String,
    marked: Option<RgbaImage>,
}

fn read(png: &[u8]) -> RgbaImage {
    image::load_from_memory(png).expect("a picture").into_rgba8()
}

fn difference(before: Option<&RgbaImage>, taken: &RgbaImage, gate: Gate) -> Option<Difference> {
    let Some(before) = before else {
        return Some(Difference { said: "there is no kept picture".to_owned(), marked: None });
    };
    if before.dimensions() != taken.dimensions() {
        let (old, new) = (before.dimensions(), taken.dimensions());
        return Some(Difference { said: format!("{new:?} pixels, kept are {old:?}"), marked: None });
    }
    let (before, taken) = (before.clone(), taken.clone());
    let (count, marked) =
        dify::diff::get_results(before, taken, gate.threshold, gate.without_edges, Some(0.2), &None, &None)?;
    let count = usize::try_from(count).unwrap_or_default();
    (count > gate.tolerated)
        .then(|| Difference { said: format!("{count} pixels differ"), marked: Some(marked) })
}

/// A PNG with a palette of the 256 commonest colours; a rarer one, on the edge of some letter, becomes the nearest.
fn reduced(picture: &RgbaImage) -> Vec<u8> {
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
    file
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
    fn a_kept_picture_stays_what_it_is() {
        let kept = read(&reduced(&page()));
        assert_eq!(reduced(&kept), reduced(&page()));
        assert!(difference(Some(&kept), &kept, STRICT).is_none());
    }

    #[test]
    fn a_letter_more_is_a_difference() {
        let mut changed = page();
        for (x, y) in (20..26).flat_map(|x| (30..40).map(move |y| (x, y))) {
            changed.put_pixel(x, y, Rgba([180, 35, 24, 255]));
        }
        assert!(difference(Some(&page()), &changed, COARSE).is_some());
        assert!(difference(None, &changed, STRICT).is_some(), "a picture nobody has kept");
    }

    #[test]
    fn black_and_white_are_kept() {
        assert_eq!([0, 255].map(rounded), [0, 255]);
        assert!((0..=255).all(|shade: u8| rounded(shade).abs_diff(shade) <= STEP / 2 + 1));
    }
}
