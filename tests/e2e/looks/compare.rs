//! Pictures beside the kept ones.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use image::{Rgba, RgbaImage};
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
/// Kept pictures have a palette, with this many places.
const COLOURS: usize = 256;

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
        let taken = shaded(read(png));
        let [new, marked] = ["new", "difference"].map(|what| self.changed.join(format!("{name}.{what}.png")));
        // What an earlier take left: this one may look as it did.
        for left_over in [&new, &marked] {
            let _gone = fs::remove_file(left_over);
        }
        let file = self.kept.join(format!("{name}.png"));
        let before = match fs::read(&file) {
            Ok(before) => Some(read(&before)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => panic!("{}: {error}", file.display()),
        };
        let problem = difference(before.as_ref(), &taken, self.gate)?;
        if self.accept {
            fs::write(&file, reduced(&taken)).expect("a picture is written");
            return None;
        }
        fs::write(new, reduced(&taken)).expect("a picture is written");
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
    read(&reduced(&shaded(read(png))))
}

/// Whether another picture would be seen to differ from a kept one, where that was drawn.
pub(crate) fn notices(kept: &RgbaImage, png: &[u8]) -> bool {
    difference(Some(kept), &shaded(read(png)), STRICT).is_some()
}

struct Difference {
    said: String,
    marked: Option<RgbaImage>,
}

fn read(png: &[u8]) -> RgbaImage {
    image::load_from_memory(png).expect("a picture").into_rgba8()
}

/// A picture in the shades of kept ones.
fn shaded(mut picture: RgbaImage) -> RgbaImage {
    for shade in picture.iter_mut() {
        *shade = rounded(*shade);
    }
    picture
}

/// What people would see between a kept picture and one in the same shades.
fn difference(before: Option<&RgbaImage>, taken: &RgbaImage, gate: Gate) -> Option<Difference> {
    let Some(before) = before else {
        return Some(Difference { said: "there is no kept picture".to_owned(), marked: None });
    };
    if before.dimensions() != taken.dimensions() {
        let (old, new) = (before.dimensions(), taken.dimensions());
        return Some(Difference { said: format!("{new:?} pixels, kept are {old:?}"), marked: None });
    }
    if before == taken {
        return None;
    }
    let (count, marked) = dify::diff::get_results(
        before.clone(),
        beside(before, taken),
        gate.threshold,
        gate.without_edges,
        Some(0.2),
        &None,
        &None,
    )?;
    let count = usize::try_from(count).unwrap_or_default();
    (count > gate.tolerated)
        .then(|| Difference { said: format!("{count} pixels differ"), marked: Some(marked) })
}

/// A taken picture as it stands beside a kept one: what that one's palette had no place for takes the nearest of its
/// colours. Otherwise a pixel that rounds otherwise makes two colours change places in the palette, and all of their pixels
/// would differ.
fn beside(kept: &RgbaImage, taken: &RgbaImage) -> RgbaImage {
    let (palette, counts) = (colours(kept), colours(taken));
    let rarest = palette.values().min().filter(|_| palette.len() == COLOURS);
    let left_out = rarest.map_or(0, |count| count + STRICT.tolerated);
    let places: BTreeMap<[u8; 3], [u8; 3]> = counts
        .into_iter()
        .filter(|(colour, count)| *count <= left_out && !palette.contains_key(colour))
        .filter_map(|(colour, _)| Some((colour, *nearest(colour, palette.keys())?)))
        .collect();
    let mut shown = taken.clone();
    for (pixel, before) in shown.pixels_mut().zip(kept.pixels()) {
        let (own, kept) = (colour(*pixel), colour(*before));
        if let Some(nearest) = places.get(&own).filter(|_| own != kept) {
            // Of several that are as near any may have been taken.
            let [red, green, blue] = if apart(own, kept) == apart(own, *nearest) { kept } else { *nearest };
            *pixel = Rgba([red, green, blue, u8::MAX]);
        }
    }
    shown
}

/// The colours of a picture, and how many pixels each has.
fn colours(picture: &RgbaImage) -> BTreeMap<[u8; 3], usize> {
    let mut counts = BTreeMap::new();
    for (colour, length) in stretches(picture) {
        *counts.entry(colour).or_default() += length;
    }
    counts
}

/// Pages are flat: a stretch of one colour is looked up once.
fn stretches(picture: &RgbaImage) -> Vec<([u8; 3], usize)> {
    let pixels: Vec<[u8; 3]> = picture.pixels().map(|pixel| colour(*pixel)).collect();
    pixels.chunk_by(PartialEq::eq).filter_map(|same| Some((*same.first()?, same.len()))).collect()
}

fn colour(Rgba([red, green, blue, _]): Rgba<u8>) -> [u8; 3] {
    [red, green, blue]
}

fn nearest<'a>(colour: [u8; 3], palette: impl IntoIterator<Item = &'a [u8; 3]>) -> Option<&'a [u8; 3]> {
    palette.into_iter().min_by_key(|other| apart(colour, **other))
}

fn apart(one: [u8; 3], other: [u8; 3]) -> u32 {
    one.into_iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
}

/// A PNG with a palette of the commonest colours; a rarer one, on the edge of some letter, becomes the nearest.
fn reduced(picture: &RgbaImage) -> Vec<u8> {
    let counts = colours(picture);
    let mut palette: Vec<[u8; 3]> = counts.keys().copied().collect();
    palette.sort_by_key(|colour| std::cmp::Reverse(counts[colour]));
    palette.truncate(COLOURS);
    let indices: BTreeMap<[u8; 3], u8> = palette.iter().copied().zip(0..=u8::MAX).collect();
    let places: BTreeMap<[u8; 3], u8> =
        counts.into_keys().filter_map(|colour| Some((colour, indices[nearest(colour, &palette)?]))).collect();
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, picture.width(), picture.height());
    encoder.set_depth(BitDepth::Eight);
    encoder.set_color(ColorType::Indexed);
    encoder.set_palette(palette.concat());
    encoder.set_filter(Filter::NoFilter);
    encoder.set_compression(Compression::High);
    let bytes: Vec<u8> = stretches(picture)
        .into_iter()
        .flat_map(|(colour, length)| std::iter::repeat_n(places[&colour], length))
        .collect();
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
    use super::*;

    fn page() -> RgbaImage {
        shaded(RgbaImage::from_fn(200, 100, |x, y| {
            if (x / 7 + y / 5) % 2 == 0 { Rgba([27, 31, 29, 255]) } else { Rgba([246, 247, 246, 255]) }
        }))
    }

    #[test]
    fn a_kept_picture_stays_what_it_is() {
        let kept = read(&reduced(&page()));
        assert_eq!(reduced(&kept), reduced(&page()));
        assert!(difference(Some(&kept), &kept, STRICT).is_none());
    }

    /// A page with more colours than a palette has places, each of them in four pixels.
    fn colourful() -> RgbaImage {
        shaded(RgbaImage::from_fn(40, 40, |x, y| {
            let number = (x / 2) + (y / 2) * 20;
            let shade = |place: u32| u8::try_from(number / place % 8 * 36).unwrap_or_default();
            Rgba([shade(1), shade(8), shade(64), 255])
        }))
    }

    #[test]
    fn a_pixel_that_rounds_otherwise_does_not_change_the_others() {
        let kept = read(&reduced(&colourful()));
        for place in [0, 10, 20, 30, 39] {
            let mut rounds_otherwise = colourful();
            let Rgba([red, green, blue, _]) = *rounds_otherwise.get_pixel(place, 0);
            rounds_otherwise.put_pixel(place, 0, Rgba([red, green, blue.saturating_add(STEP), 255]));
            let found = difference(Some(&kept), &shaded(rounds_otherwise), STRICT).map(|found| found.said);
            assert_eq!(found, None, "{place}");
        }
    }

    #[test]
    fn a_colour_that_is_new_and_not_rare_is_a_difference_beside_a_full_palette() {
        let kept = read(&reduced(&colourful()));
        let mut tinted = colourful();
        for (x, y) in (10..14).flat_map(|x| (10..14).map(move |y| (x, y))) {
            tinted.put_pixel(x, y, Rgba([255, 243, 224, 255]));
        }
        assert!(difference(Some(&kept), &tinted, STRICT).is_some());
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
