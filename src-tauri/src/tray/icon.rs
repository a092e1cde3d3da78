//! The tray's icon: the days of cover of the worst account, in a shape and a colour of its situation. Drawn for the day,
//! since no file could hold every number.

use companion::api::{AccountRow, Situation, Tone};
use tiny_skia::{Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Stroke, Transform};

use super::glyphs::{self, GLYPH_HEIGHT, GLYPH_WIDTH};

/// Pixels a side: trays show 16 to 48 and scale down.
pub(crate) const SIDE: u32 = 64;

/// What is written on the icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Figure {
    Days(u8),
    /// More days than two digits say, or nothing that could run out.
    Fine,
    /// Unknown is never zero.
    Unknown,
}

/// Everything an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Icon {
    pub(crate) tone: Tone,
    pub(crate) figure: Figure,
}

impl Icon {
    /// What the icon says of the worst account; a question mark without one.
    pub(crate) fn of(worst: Option<&AccountRow>) -> Self {
        let Some(row) = worst else { return Self { tone: Tone::Muted, figure: Figure::Unknown } };
        let figure = match row.situation.kind {
            Situation::DryUsedUp | Situation::DryExpired => Figure::Days(0),
            Situation::CannotRead | Situation::Stale | Situation::NotConnected | Situation::Unknown => {
                Figure::Unknown
            }
            Situation::DryManual | Situation::Manual | Situation::LastsLong | Situation::PaysNothing => {
                Figure::Fine
            }
            Situation::EndsToday
            | Situation::EndsSoonByUse
            | Situation::EndsSoonByExpiry
            | Situation::TrialEnough
            | Situation::Enough => row.days_left.map_or(Figure::Unknown, Figure::days),
        };
        Self { tone: row.situation.tone, figure }
    }

    /// The icon in red, green, blue and opacity, row by row; empty if it cannot be drawn.
    pub(crate) fn rgba(self) -> Vec<u8> {
        let Some(mut picture) = Pixmap::new(SIDE, SIDE) else { return Vec::new() };
        self.draw(&mut picture);
        picture
            .pixels()
            .iter()
            .flat_map(|pixel| {
                let pixel = pixel.demultiply();
                [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()]
            })
            .collect()
    }

    fn draw(self, picture: &mut Pixmap) {
        let Look { shape, fill, edge, ink } = look(self.tone);
        let Some(shape) = shape else { return };
        picture.fill_path(&shape, &paint(fill), FillRule::Winding, Transform::identity(), None);
        picture.stroke_path(&shape, &paint(edge), &pen(3.5), Transform::identity(), None);
        let text = match self.figure {
            Figure::Days(days) => days.to_string(),
            Figure::Fine => "✓".to_owned(),
            Figure::Unknown => "?".to_owned(),
        };
        // A cone has its room at the foot.
        let (middle, height) = if self.tone == Tone::Warn { (41.0, 25.0) } else { (32.0, 31.0) };
        let scale = height / GLYPH_HEIGHT;
        let advance = (GLYPH_WIDTH + 3.0) * scale;
        let width: f32 = text.chars().map(|_| advance).sum();
        let mut left = 32.0 - (width - 3.0 * scale) / 2.0;
        for glyph in text.chars() {
            let at = Transform::from_translate(left, middle - height / 2.0).pre_scale(scale, scale);
            if let Some(path) = glyphs::path(glyph) {
                picture.stroke_path(&path, &paint(ink), &pen(2.5), at, None);
            }
            left += advance;
        }
    }
}

impl Figure {
    fn days(days: u32) -> Self {
        match u8::try_from(days) {
            Ok(days) if days < 100 => Self::Days(days),
            _ => Self::Fine,
        }
    }
}

struct Look {
    shape: Option<Path>,
    fill: [u8; 3],
    /// Lighter or darker than the panel can be, so that the shape is seen on both.
    edge: [u8; 3],
    ink: [u8; 3],
}

/// The app's tokens (`ui/src/shared/styles/tokens.css`): a shield, a cone, an octagon and a disc.
fn look(tone: Tone) -> Look {
    const WHITE: [u8; 3] = [0xff, 0xff, 0xff];
    const CONE: [(f32, f32); 4] = [(22.0, 4.0), (42.0, 4.0), (62.0, 58.0), (2.0, 58.0)];
    const OCTAGON: [(f32, f32); 8] = [
        (20.0, 3.0),
        (44.0, 3.0),
        (61.0, 20.0),
        (61.0, 44.0),
        (44.0, 61.0),
        (20.0, 61.0),
        (3.0, 44.0),
        (3.0, 20.0),
    ];
    let (shape, fill, edge, ink) = match tone {
        Tone::Calm => (shield(), [0x0b, 0x7a, 0x48], [0x34, 0xc7, 0x7b], WHITE),
        Tone::Warn => (polygon(&CONE), [0xfd, 0xb0, 0x22], [0x8a, 0x53, 0x00], [0x1b, 0x1f, 0x1d]),
        Tone::Danger => (polygon(&OCTAGON), [0xb4, 0x23, 0x18], [0xf9, 0x70, 0x66], WHITE),
        Tone::Muted => {
            (PathBuilder::from_circle(32.0, 32.0, 29.0), [0x5c, 0x66, 0x61], [0x9a, 0xa6, 0xa0], WHITE)
        }
    };
    Look { shape, fill, edge, ink }
}

fn polygon(points: &[(f32, f32)]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (index, (x, y)) in points.iter().enumerate() {
        if index == 0 { path.move_to(*x, *y) } else { path.line_to(*x, *y) }
    }
    path.close();
    path.finish()
}

/// The shield of the app's own icon (`icons/icon-small.svg`).
fn shield() -> Option<Path> {
    let mut path = PathBuilder::new();
    path.move_to(32.0, 2.5);
    path.line_to(59.0, 10.0);
    path.line_to(59.0, 32.0);
    path.cubic_to(59.0, 47.0, 48.0, 57.0, 32.0, 61.5);
    path.cubic_to(16.0, 57.0, 5.0, 47.0, 5.0, 32.0);
    path.line_to(5.0, 10.0);
    path.close();
    path.finish()
}

fn paint([red, green, blue]: [u8; 3]) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color(Color::from_rgba8(red, green, blue, 0xff));
    paint
}

fn pen(width: f32) -> Stroke {
    Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const TONES: [Tone; 4] = [Tone::Danger, Tone::Warn, Tone::Muted, Tone::Calm];

    /// Whether anything is drawn in each pixel.
    fn outline(tone: Tone) -> Vec<bool> {
        let icon = Icon { tone, figure: Figure::Unknown };
        icon.rgba().chunks(4).map(|pixel| pixel[3] > 0x80).collect()
    }

    #[test]
    fn situations_differ_in_shape_and_not_in_colour_alone() {
        for (index, one) in TONES.iter().enumerate() {
            for other in &TONES[index + 1..] {
                let (a, b) = (outline(*one), outline(*other));
                let differing = a.iter().zip(&b).filter(|(a, b)| a != b).count();
                assert!(differing > 150, "{one:?} and {other:?} differ in {differing} pixels");
            }
        }
    }

    #[test]
    fn every_number_looks_different() {
        let figures = (0..=99).map(Figure::Days).chain([Figure::Fine, Figure::Unknown]);
        let pictures: BTreeSet<Vec<u8>> =
            figures.map(|figure| Icon { tone: Tone::Calm, figure }.rgba()).collect();
        assert_eq!(pictures.len(), 102);
    }

    #[test]
    fn more_days_than_two_digits_say_are_fine() {
        for (days, figure) in
            [(0, Figure::Days(0)), (99, Figure::Days(99)), (100, Figure::Fine), (9999, Figure::Fine)]
        {
            assert_eq!(Figure::days(days), figure, "{days}");
        }
    }

    /// For who looks at them: `TRAY_ICONS=folder` writes them all.
    #[test]
    fn all_can_be_drawn() {
        for tone in TONES {
            for figure in [
                Figure::Days(0),
                Figure::Days(7),
                Figure::Days(23),
                Figure::Days(88),
                Figure::Fine,
                Figure::Unknown,
            ] {
                let rgba = Icon { tone, figure }.rgba();
                assert_eq!(rgba.len(), 64 * 64 * 4);
                if let Some(folder) = std::env::var_os("TRAY_ICONS") {
                    let name = format!("{tone:?}-{figure:?}.png").replace(['(', ')'], "");
                    image::save_buffer(
                        std::path::Path::new(&folder).join(name),
                        &rgba,
                        SIDE,
                        SIDE,
                        image::ExtendedColorType::Rgba8,
                    )
                    .unwrap();
                }
            }
        }
    }
}
