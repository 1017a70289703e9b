//! What a prompt asks to see.

use sha2::{Digest, Sha256};

use super::colour::{BASIC, Rgb, named};

/// Shapes that can be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Circle,
    Square,
    Triangle,
    Diamond,
    Ring,
    Cross,
    Star,
    Stripe,
}

/// A shape in its place. Lengths are fractions of the shorter side; the centre is a fraction of width and height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Figure {
    pub(super) shape: Shape,
    pub(super) colour: Rgb,
    pub(super) centre: (f32, f32),
    pub(super) size: f32,
}

/// A picture before it is drawn: figures, last one on top, over a background that shades from top to bottom.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scene {
    pub(super) background: Rgb,
    pub(super) figures: Vec<Figure>,
    /// Colours of the narrow band along the edge, which differs from prompt to prompt whatever the prompt names.
    pub(super) border: [Rgb; 32],
}

const FREE_SHAPES: [Shape; 8] = [
    Shape::Circle,
    Shape::Square,
    Shape::Triangle,
    Shape::Diamond,
    Shape::Ring,
    Shape::Cross,
    Shape::Star,
    Shape::Stripe,
];

const MOST_FIGURES: usize = 9;

impl Scene {
    /// Reads the prompt; its digest decides all it does not say.
    pub(super) fn from_prompt(prompt: &str) -> Self {
        let mut dice = Dice::new(prompt);
        let wishes = Wishes::read(prompt);
        let background = wishes
            .background
            .unwrap_or_else(|| dice.colour_other_than(&wishes.colours()));
        let mut figures = if wishes.shapes.is_empty() {
            free_figures(&wishes.spare, background, &mut dice)
        } else {
            asked_figures(&wishes, background, &mut dice)
        };
        figures.truncate(MOST_FIGURES);
        Self {
            background,
            figures,
            border: std::array::from_fn(|_| dice.colour()),
        }
    }
}

/// Large figures in a row, as asked.
fn asked_figures(wishes: &Wishes, background: Rgb, dice: &mut Dice) -> Vec<Figure> {
    let count = wishes.shapes.len().min(MOST_FIGURES);
    let mut spare = wishes.spare.iter();
    let shapes = wishes.shapes.iter().take(count).enumerate();
    shapes
        .map(|(index, &(shape, colour))| {
            let colour = colour
                .or_else(|| spare.next().copied())
                .unwrap_or_else(|| dice.colour_other_than(&[background]));
            let x = (index as f32 + 0.5) / count as f32;
            let size = 0.56 / (count as f32).sqrt() + 0.06 * dice.fraction();
            Figure {
                shape,
                colour,
                centre: (x, 0.46 + 0.08 * dice.fraction()),
                size,
            }
        })
        .collect()
}

/// Scattered figures in the colours named, or in drawn ones.
fn free_figures(palette: &[Rgb], background: Rgb, dice: &mut Dice) -> Vec<Figure> {
    let count = 4 + dice.below(4).max(palette.len().min(4));
    (0..count)
        .map(|index| {
            let colour = palette.get(index % palette.len().max(1)).copied();
            Figure {
                shape: FREE_SHAPES[dice.below(FREE_SHAPES.len())],
                colour: colour.unwrap_or_else(|| dice.colour_other_than(&[background])),
                centre: (0.12 + 0.76 * dice.fraction(), 0.12 + 0.76 * dice.fraction()),
                size: 0.18 + 0.22 * dice.fraction(),
            }
        })
        .collect()
}

/// What the words of a prompt ask for.
#[derive(Debug, Default, PartialEq)]
struct Wishes {
    background: Option<Rgb>,
    shapes: Vec<(Shape, Option<Rgb>)>,
    /// Colours with neither shape nor background.
    spare: Vec<Rgb>,
}

impl Wishes {
    /// A colour belongs to the next shape or backdrop; without one it is the background after "on", else spare. A number
    /// before a shape repeats it.
    fn read(prompt: &str) -> Self {
        let mut wishes = Self::default();
        let mut pending: Option<Rgb> = None;
        let mut count = 1;
        let mut after_on = false;
        let lower = prompt.to_lowercase();
        let words = lower
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty());
        for word in words {
            if let Some(colour) = named(word) {
                if let Some(earlier) = pending.replace(colour) {
                    wishes.settle(earlier, after_on);
                }
            } else if let Some(shape) = shape_named(word) {
                wishes
                    .shapes
                    .extend(std::iter::repeat_n((shape, pending.take()), count));
                (count, after_on) = (1, false);
            } else if let Some(backdrop) = backdrop_named(word) {
                let colour = pending.take().or(backdrop.usual_colour);
                wishes.background = wishes.background.or(colour);
                (count, after_on) = (1, false);
            } else if let Some(number) = number_named(word) {
                count = number;
            } else if matches!(word, "on" | "over" | "against" | "upon" | "in") {
                if let Some(earlier) = pending.take() {
                    wishes.settle(earlier, after_on);
                }
                after_on = true;
            }
        }
        if let Some(last) = pending {
            wishes.settle(last, after_on);
        }
        wishes
    }

    fn settle(&mut self, colour: Rgb, after_on: bool) {
        if after_on && self.background.is_none() {
            self.background = Some(colour);
        } else {
            self.spare.push(colour);
        }
    }

    fn colours(&self) -> Vec<Rgb> {
        self.shapes
            .iter()
            .filter_map(|&(_, colour)| colour)
            .chain(self.spare.iter().copied())
            .collect()
    }
}

fn shape_named(word: &str) -> Option<Shape> {
    Some(match word.strip_suffix('s').unwrap_or(word) {
        "circle" | "ball" | "disc" | "disk" | "dot" | "sun" | "moon" | "sphere" | "balloon" => {
            Shape::Circle
        }
        "square" | "box" | "cube" | "rectangle" | "block" | "house" => Shape::Square,
        "triangle" | "pyramid" | "mountain" | "tent" => Shape::Triangle,
        "diamond" | "kite" | "rhombu" => Shape::Diamond,
        "ring" | "hoop" | "donut" | "wheel" => Shape::Ring,
        "cross" | "plu" | "cros" => Shape::Cross,
        "star" => Shape::Star,
        "stripe" | "line" | "bar" | "band" => Shape::Stripe,
        _ => return None,
    })
}

/// A number up to what fits into a picture.
fn number_named(word: &str) -> Option<usize> {
    const WORDS: [&str; MOST_FIGURES] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ];
    let spelled = WORDS
        .iter()
        .position(|&name| name == word)
        .map(|index| index + 1);
    spelled.or_else(|| {
        word.parse()
            .ok()
            .filter(|number| (1..=MOST_FIGURES).contains(number))
    })
}

/// What lies behind.
struct Backdrop {
    usual_colour: Option<Rgb>,
}

fn backdrop_named(word: &str) -> Option<Backdrop> {
    let usual = match word {
        "background" | "backdrop" | "canvas" | "wall" | "paper" => {
            return Some(Backdrop { usual_colour: None });
        }
        "sky" | "sea" | "ocean" | "lake" | "water" => "blue",
        "grass" | "forest" | "field" | "meadow" | "jungle" => "green",
        "night" | "space" | "darkness" => "black",
        "snow" | "ice" => "white",
        "desert" | "beach" | "sand" => "yellow",
        "sunset" | "sunrise" => "orange",
        _ => return None,
    };
    Some(Backdrop {
        usual_colour: named(usual),
    })
}

/// Repeatable chance: the digests of a prompt and a counter.
struct Dice {
    seed: [u8; 32],
    used: usize,
}

impl Dice {
    fn new(prompt: &str) -> Self {
        Self {
            seed: Sha256::digest(prompt.as_bytes()).into(),
            used: 0,
        }
    }

    fn byte(&mut self) -> u8 {
        if self.used == self.seed.len() {
            self.seed = Sha256::digest(self.seed).into();
            self.used = 0;
        }
        self.used += 1;
        self.seed[self.used - 1]
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::from(u16::from_be_bytes([self.byte(), self.byte()])) % bound
    }

    /// At least 0, below 1.
    fn fraction(&mut self) -> f32 {
        f32::from(u16::from_be_bytes([self.byte(), self.byte()])) / 65_536.0
    }

    fn colour(&mut self) -> Rgb {
        BASIC[self.below(BASIC.len())].1
    }

    fn colour_other_than(&mut self, taken: &[Rgb]) -> Rgb {
        let free: Vec<Rgb> = BASIC
            .iter()
            .map(|&(_, rgb)| rgb)
            .filter(|rgb| !taken.contains(rgb))
            .collect();
        if free.is_empty() {
            self.colour()
        } else {
            free[self.below(free.len())]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::colour::named;
    use super::{Shape, Wishes};

    #[test]
    fn colours_find_their_shape_or_background() {
        let red_circle = (Shape::Circle, named("red"));
        let table = [
            (
                "a red circle on a blue background",
                vec![red_circle],
                named("blue"),
                vec![],
            ),
            ("Draw a RED circle, please.", vec![red_circle], None, vec![]),
            (
                "a red circle on blue",
                vec![red_circle],
                named("blue"),
                vec![],
            ),
            (
                "two triangles",
                vec![(Shape::Triangle, None); 2],
                None,
                vec![],
            ),
            (
                "3 blue rings",
                vec![(Shape::Ring, named("blue")); 3],
                None,
                vec![],
            ),
            (
                "green squares over a golden desert",
                vec![(Shape::Square, named("green"))],
                named("yellow"),
                vec![],
            ),
            (
                "a white star in the night sky",
                vec![(Shape::Star, named("white"))],
                named("black"),
                vec![],
            ),
            (
                "red and yellow",
                vec![],
                None,
                vec![named("red").unwrap(), named("yellow").unwrap()],
            ),
            ("a cat reading a newspaper", vec![], None, vec![]),
            (
                "blue background, pink diamond",
                vec![(Shape::Diamond, named("pink"))],
                named("blue"),
                vec![],
            ),
        ];
        for (prompt, shapes, background, spare) in table {
            assert_eq!(
                Wishes::read(prompt),
                Wishes {
                    background,
                    shapes,
                    spare
                },
                "{prompt:?}"
            );
        }
    }
}
