//! Capabilities and permissions live next to the shell, not at the top.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // tauri-build watches the folder where permissions usually are; a command allowed in ours would stay refused.
    println!("cargo:rerun-if-changed=src-tauri/permissions");
    tauri_build::try_build(
        tauri_build::Attributes::new().capabilities_path_pattern("src-tauri/capabilities/**/*").app_manifest(
            tauri_build::AppManifest::new().permissions_path_pattern("src-tauri/permissions/**/*.toml"),
        ),
    )?;
    Ok(())
}
