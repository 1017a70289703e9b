//! Colours and their English names.

/// A colour with 8 bits a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rgb(pub(super) u8, pub(super) u8, pub(super) u8);

/// The colours that describing a picture tells apart.
pub(super) const BASIC: [(&str, Rgb); 12] = [
    ("red", Rgb(220, 38, 38)),
    ("orange", Rgb(245, 140, 30)),
    ("yellow", Rgb(250, 220, 50)),
    ("green", Rgb(40, 160, 70)),
    ("cyan", Rgb(40, 200, 215)),
    ("blue", Rgb(40, 90, 220)),
    ("purple", Rgb(130, 60, 190)),
    ("pink", Rgb(245, 140, 190)),
    ("brown", Rgb(125, 80, 45)),
    ("black", Rgb(18, 18, 22)),
    ("grey", Rgb(135, 138, 145)),
    ("white", Rgb(245, 246, 248)),
];

/// Further words for colours, each with the basic colour it is drawn as.
const SYNONYMS: [(&str, &str); 27] = [
    ("crimson", "red"),
    ("scarlet", "red"),
    ("ruby", "red"),
    ("maroon", "red"),
    ("amber", "orange"),
    ("tangerine", "orange"),
    ("gold", "yellow"),
    ("golden", "yellow"),
    ("lemon", "yellow"),
    ("emerald", "green"),
    ("lime", "green"),
    ("olive", "green"),
    ("teal", "cyan"),
    ("turquoise", "cyan"),
    ("aqua", "cyan"),
    ("navy", "blue"),
    ("azure", "blue"),
    ("cobalt", "blue"),
    ("violet", "purple"),
    ("indigo", "purple"),
    ("lavender", "purple"),
    ("magenta", "pink"),
    ("rose", "pink"),
    ("tan", "brown"),
    ("gray", "grey"),
    ("silver", "grey"),
    ("ivory", "white"),
];

/// The colour a word names.
pub(super) fn named(word: &str) -> Option<Rgb> {
    let basic = SYNONYMS
        .iter()
        .find(|(synonym, _)| *synonym == word)
        .map_or(word, |(_, basic)| basic);
    BASIC
        .iter()
        .find(|(name, _)| *name == basic)
        .map(|&(_, rgb)| rgb)
}

/// The basic name for a colour: by lightness and saturation first, as people do, then by hue.
pub(super) fn name_of(Rgb(red, green, blue): Rgb) -> &'static str {
    let (r, g, b) = (f32::from(red), f32::from(green), f32::from(blue));
    let (high, low) = (r.max(g).max(b), r.min(g).min(b));
    let spread = high - low;
    if high < 45.0 {
        return "black";
    }
    if spread < 0.12 * high.max(120.0) {
        return match high {
            ..70.0 => "black",
            ..215.0 => "grey",
            _ => "white",
        };
    }
    let hue = hue_degrees((r, g, b), high, spread);
    match hue {
        12.0..45.0 if high < 175.0 => "brown",
        ..12.0 | 345.0.. if low > 130.0 => "pink",
        ..12.0 | 345.0.. => "red",
        ..43.0 => "orange",
        ..68.0 => "yellow",
        ..165.0 => "green",
        ..200.0 => "cyan",
        ..255.0 => "blue",
        ..292.0 => "purple",
        _ => "pink",
    }
}

fn hue_degrees((r, g, b): (f32, f32, f32), high: f32, spread: f32) -> f32 {
    let sextant = if high <= r {
        (g - b) / spread
    } else if high <= g {
        (b - r) / spread + 2.0
    } else {
        (r - g) / spread + 4.0
    };
    (sextant * 60.0).rem_euclid(360.0)
}

#[cfg(test)]
mod tests {
    use super::{BASIC, Rgb, SYNONYMS, name_of, named};

    #[test]
    fn every_basic_colour_is_recognised_by_its_own_name() {
        for (name, rgb) in BASIC {
            assert_eq!(name_of(rgb), name);
        }
    }

    #[test]
    fn pure_and_shaded_colours_have_the_expected_names() {
        let table = [
            (Rgb(255, 0, 0), "red"),
            (Rgb(0, 255, 0), "green"),
            (Rgb(0, 0, 255), "blue"),
            (Rgb(255, 255, 0), "yellow"),
            (Rgb(0, 255, 255), "cyan"),
            (Rgb(255, 0, 255), "pink"),
            (Rgb(255, 165, 0), "orange"),
            (Rgb(128, 0, 128), "pink"),
            (Rgb(139, 69, 19), "brown"),
            (Rgb(0, 0, 0), "black"),
            (Rgb(128, 128, 128), "grey"),
            (Rgb(255, 255, 255), "white"),
            (Rgb(10, 25, 110), "blue"),
            (Rgb(20, 80, 30), "green"),
        ];
        for (rgb, name) in table {
            assert_eq!(name_of(rgb), name, "{rgb:?}");
        }
    }

    #[test]
    fn synonyms_lead_to_basic_colours() {
        for (synonym, basic) in SYNONYMS {
            assert_eq!(named(synonym), named(basic), "{synonym}");
        }
        assert_eq!(named("table"), None);
    }
}
