//! `include/phs.h`, by cbindgen from the sources of `phs-ffi`.

use crate::generated::{Mode, Result, put, root};

const HEADER: &str = "native/phs-ffi/include/phs.h";

/// Sources in the order in which the header shows them.
const SOURCES: &[&str] = &[
    "status",
    "buffer",
    "describe",
    "diagnostics",
    "run",
    "secret",
];

/// Headings, each before the function that it introduces.
const HEADINGS: &[(&str, &str)] = &[
    ("phs_buffer_free", "Buffers"),
    ("phs_abi_version", "The library"),
    (
        "phs_invoke_diagnostics",
        "Diagnostics, in the order of the guide",
    ),
    ("phs_run_next", "Runs"),
    ("phs_secret_new", "Secrets"),
];

/// Writes or compares the header.
///
/// # Errors
/// A source cannot be parsed, or the committed header differs.
pub(crate) fn run(mode: Mode) -> Result {
    let folder = root().join("native/phs-ffi");
    let mut config = cbindgen::Config::from_file(folder.join("cbindgen.toml"))?;
    config.after_includes = Some(format!(
        "\n/* Version of the library that this header came with; phs_describe tells that of the library you have. */\n#define PHS_VERSION \"{}\"",
        env!("CARGO_PKG_VERSION")
    ));
    let mut builder = cbindgen::Builder::new().with_config(config);
    for source in SOURCES {
        builder = builder.with_src(folder.join("src").join(source).with_extension("rs"));
    }
    let mut written = Vec::new();
    builder.generate()?.write(&mut written);
    let text = polish(&String::from_utf8(written)?)?;
    put(mode, HEADER, text.as_bytes())
}

/// Makes Rust's documentation read as that of a C header, and sets the headings.
fn polish(text: &str) -> Result<String> {
    let mut text = text
        .trim_start()
        .replace(" * # Safety\n * ", " * Memory: ")
        .replace("\n\n\n", "\n\n");
    for (function, heading) in HEADINGS {
        let call = format!(" {function}(");
        let place = text
            .find(&call)
            .and_then(|at| text[..at].rfind("/**"))
            .ok_or_else(|| format!("{function} is not in the header"))?;
        text.insert_str(place, &format!("/* ---- {heading} ---- */\n\n"));
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_header_is_current() {
        run(Mode::Check).unwrap();
    }

    #[test]
    fn a_heading_for_a_lost_function_is_an_error() {
        assert!(polish("/** x */ void phs_other(void);").is_err());
    }
}
