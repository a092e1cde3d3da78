//! One file per journey.

mod smoke;
