//! The few signs that stand on the tray's icon, as lines of a pen: an icon needs no font.

use tiny_skia::{Path, PathBuilder};

pub(super) const GLYPH_WIDTH: f32 = 10.0;
pub(super) const GLYPH_HEIGHT: f32 = 16.0;

/// One movement of the pen, to the last of its points.
#[derive(Clone, Copy)]
enum Pen {
    Move(f32, f32),
    Line(f32, f32),
    Curve([f32; 6]),
}
use Pen::{Curve, Line, Move};

/// The lines of a sign; `None` for one that no icon shows.
pub(super) fn path(sign: char) -> Option<Path> {
    let mut path = PathBuilder::new();
    for pen in lines(sign) {
        match *pen {
            Move(x, y) => path.move_to(x, y),
            Line(x, y) => path.line_to(x, y),
            Curve([x1, y1, x2, y2, x, y]) => path.cubic_to(x1, y1, x2, y2, x, y),
        }
    }
    path.finish()
}

fn lines(sign: char) -> &'static [Pen] {
    match sign {
        '0' => &[
            Move(5.0, 1.0),
            Curve([8.0, 1.0, 9.0, 4.0, 9.0, 8.0]),
            Curve([9.0, 12.0, 8.0, 15.0, 5.0, 15.0]),
            Curve([2.0, 15.0, 1.0, 12.0, 1.0, 8.0]),
            Curve([1.0, 4.0, 2.0, 1.0, 5.0, 1.0]),
        ],
        '1' => &[Move(2.5, 4.0), Line(5.5, 1.0), Line(5.5, 15.0)],
        '2' => &[
            Move(1.5, 4.5),
            Curve([1.5, -0.3, 8.8, -0.3, 8.8, 4.6]),
            Curve([8.8, 8.5, 3.5, 10.5, 1.5, 15.0]),
            Line(9.0, 15.0),
        ],
        '3' => &[
            Move(1.6, 2.9),
            Curve([4.0, 0.0, 8.6, 0.8, 8.6, 4.4]),
            Curve([8.6, 7.0, 6.5, 7.6, 4.5, 7.6]),
            Curve([6.8, 7.6, 9.0, 8.6, 9.0, 11.2]),
            Curve([9.0, 15.6, 3.5, 16.2, 1.2, 13.2]),
        ],
        '4' => &[Move(7.0, 15.0), Line(7.0, 1.0), Line(1.0, 11.0), Line(9.4, 11.0)],
        '5' => &[
            Move(8.4, 1.0),
            Line(2.4, 1.0),
            Line(1.8, 7.4),
            Curve([4.6, 5.4, 9.0, 6.4, 9.0, 10.6]),
            Curve([9.0, 15.6, 3.4, 16.4, 1.2, 13.4]),
        ],
        '6' => &[
            Move(8.0, 1.4),
            Curve([3.5, 1.0, 1.0, 5.5, 1.0, 10.0]),
            Curve([1.0, 16.8, 9.0, 16.8, 9.0, 10.4]),
            Curve([9.0, 5.4, 2.5, 5.0, 1.2, 9.4]),
        ],
        '7' => &[Move(1.0, 1.0), Line(9.0, 1.0), Line(4.0, 15.0)],
        '8' => &[
            Move(5.0, 7.4),
            Curve([0.8, 6.6, 0.8, 1.0, 5.0, 1.0]),
            Curve([9.2, 1.0, 9.2, 6.6, 5.0, 7.4]),
            Curve([-0.4, 8.2, -0.4, 15.0, 5.0, 15.0]),
            Curve([10.4, 15.0, 10.4, 8.2, 5.0, 7.4]),
        ],
        '9' => &[
            Move(2.0, 14.6),
            Curve([6.5, 15.0, 9.0, 10.5, 9.0, 6.0]),
            Curve([9.0, -0.8, 1.0, -0.8, 1.0, 5.6]),
            Curve([1.0, 10.6, 7.5, 11.0, 8.8, 6.6]),
        ],
        '?' => &[
            Move(1.5, 4.6),
            Curve([1.5, -0.3, 8.8, -0.3, 8.8, 4.6]),
            Curve([8.8, 7.8, 5.0, 7.6, 5.0, 11.0]),
            Move(5.0, 15.2),
            Line(5.0, 15.3),
        ],
        '✓' => &[Move(0.5, 8.5), Line(4.0, 12.2), Line(9.8, 4.0)],
        _ => &[],
    }
}
