//! Entry point; everything is composed in the library so that tests can do the same.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    merchant_companion::run()
}
