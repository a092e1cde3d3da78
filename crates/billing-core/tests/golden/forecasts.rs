//! Every forecast of `tests/fixtures/forecast`, to the byte apart from blanks.

use crate::files::{billing, compact, inputs};
use billing_core::forecast;

#[test]
fn library_and_binary_agree_with_every_forecast() {
    for (name, path) in inputs("forecast") {
        let input = std::fs::read(&path).unwrap();
        let expected = path.with_file_name(format!("{name}.out.json"));
        let expected = compact(&std::fs::read_to_string(expected).unwrap());
        let parsed = forecast::parse(&input).unwrap_or_else(|error| panic!("{name}: {error}"));
        let found = forecast::forecast(&parsed).unwrap();
        assert_eq!(serde_json::to_string(&found).unwrap(), expected, "{name}");
        for output in
            [billing(&["forecast", path.to_str().unwrap()], b""), billing(&["forecast", "-"], &input)]
        {
            assert_eq!(output.status.code(), Some(0), "{name}");
            assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{name}");
            assert_eq!(compact(std::str::from_utf8(&output.stdout).unwrap()), expected, "{name}");
        }
    }
}
