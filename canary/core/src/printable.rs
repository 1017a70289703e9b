//! Texts from outside, made fit for a terminal.

/// A text from outside (a report, a package, an error that quotes either), cut to what is safe and short enough to print:
/// a character that a terminal obeys or that looks like another is `?`, and behind `longest` characters stands `...`.
#[must_use]
pub fn printable(text: &str, longest: usize) -> String {
    let mut shown: String = text
        .chars()
        .take(longest)
        .map(|c| if (' '..='~').contains(&c) { c } else { '?' })
        .collect();
    if text.chars().nth(longest).is_some() {
        shown.push_str("...");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn nothing_that_a_terminal_obeys_gets_through_and_the_end_is_told() {
        for (text, shown) in [
            ("", ""),
            ("plain ~", "plain ~"),
            ("\u{1b}[2J\u{7f}\n\u{9b}é\u{202e}", "?[2J?????"),
            ("12345678", "12345678"),
            ("12345678\u{1b}", "12345678?"),
            ("123456789", "123456789"),
            ("123456789a", "123456789..."),
        ] {
            assert_eq!(printable(text, 9), shown, "{text:?}");
        }
    }
}
