//! Hands the target triple to the code, for `phs_describe`.

fn main() {
    let target = std::env::var("TARGET").unwrap_or_default();
    println!("cargo::rustc-env=PHS_TARGET={target}");
    println!("cargo::rerun-if-changed=build.rs");
}
