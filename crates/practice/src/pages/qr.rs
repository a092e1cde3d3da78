//! A picture that looks like a code to scan, and cannot be scanned.

use crate::ids::digest;
use maud::{Markup, html};

const SIZE: usize = 21;

/// A pattern drawn from a text. It is decoration: phones read nothing in it.
pub(crate) fn code(seed: &str) -> Markup {
    let cells = cells(seed);
    html! {
        svg class="qr" viewBox="-1 -1 23 23" role="img" aria-label="模拟的二维码，不能用真手机扫" {
            @for (x, y) in &cells {
                rect x=(x) y=(y) width="1" height="1" {}
            }
            rect class="qr-plate" x="6" y="8.5" width="9" height="4" rx="0.8" {}
            text class="qr-word" x="10.5" y="11.6" text-anchor="middle" font-size="3" { "模拟" }
        }
    }
}

fn cells(seed: &str) -> Vec<(usize, usize)> {
    let mut cells = Vec::new();
    for y in 0..SIZE {
        let row = digest(&format!("{seed} {y}"));
        for (x, byte) in row.iter().take(SIZE).enumerate() {
            let dark = match corner(x, y) {
                Some(dark) => dark,
                None => byte & 1 == 1,
            };
            if dark {
                cells.push((x, y));
            }
        }
    }
    cells
}

/// The three squares in the corners.
fn corner(x: usize, y: usize) -> Option<bool> {
    let far = SIZE - 7;
    let (x, y) = match (x, y) {
        (0..7, 0..7) => (x, y),
        (0..7, _) if y >= far => (x, y - far),
        (_, 0..7) if x >= far => (x - far, y),
        _ => return None,
    };
    let ring = x == 0 || x == 6 || y == 0 || y == 6;
    let heart = (2..5).contains(&x) && (2..5).contains(&y);
    Some(ring || heart)
}
