//! Scenes to pixels.

use super::colour::Rgb;
use super::scene::{Figure, Scene, Shape};

/// Width of the border, as a fraction of the shorter side.
const BORDER: f32 = 0.04;

/// How much darker than its colour the background is at the bottom.
const SHADE: f32 = 0.16;

/// Paints `scene` as rows of RGB bytes.
pub(super) fn paint(scene: &Scene, width: u32, height: u32) -> Vec<u8> {
    let (w, h) = (width as f32, height as f32);
    let shorter = w.min(h);
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 3);
    for row in 0..height {
        let y = row as f32 + 0.5;
        let behind = shaded(scene.background, 1.0 - SHADE * y / h);
        for column in 0..width {
            let x = column as f32 + 0.5;
            let edge = x.min(w - x).min(y).min(h - y);
            let Rgb(red, green, blue) = if edge < BORDER * shorter {
                border_tile(scene, x / w, y / h)
            } else {
                let figure = scene
                    .figures
                    .iter()
                    .rev()
                    .find(|figure| covers(figure, x, y, w, h));
                figure.map_or(behind, |figure| figure.colour)
            };
            pixels.extend_from_slice(&[red, green, blue]);
        }
    }
    pixels
}

fn shaded(Rgb(r, g, b): Rgb, gain: f32) -> Rgb {
    let scale = |channel: u8| (f32::from(channel) * gain).round() as u8;
    Rgb(scale(r), scale(g), scale(b))
}

/// Eight tiles on each side; `x` and `y` are fractions of the picture.
fn border_tile(scene: &Scene, x: f32, y: f32) -> Rgb {
    let along = |fraction: f32| (fraction * 8.0) as usize % 8;
    let sides = [
        (y, along(x)),
        (1.0 - y, 8 + along(x)),
        (x, 16 + along(y)),
        (1.0 - x, 24 + along(y)),
    ];
    let nearest = sides
        .into_iter()
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map_or(0, |(_, tile)| tile);
    scene.border[nearest]
}

/// Whether the pixel at `x`, `y` of a `w` × `h` picture lies in `figure`.
fn covers(figure: &Figure, x: f32, y: f32, w: f32, h: f32) -> bool {
    let radius = figure.size * w.min(h) / 2.0;
    // Position relative to the centre, in radii.
    let dx = (x - figure.centre.0 * w) / radius;
    let dy = (y - figure.centre.1 * h) / radius;
    let (ax, ay) = (dx.abs(), dy.abs());
    let distance = dx.hypot(dy);
    match figure.shape {
        Shape::Circle => distance <= 1.0,
        Shape::Square => ax <= 0.9 && ay <= 0.9,
        Shape::Triangle => (-1.0..=0.8).contains(&dy) && ax <= (dy + 1.0) / 1.8,
        Shape::Diamond => ax + ay <= 1.0,
        Shape::Ring => (0.55..=1.0).contains(&distance),
        Shape::Cross => (ax <= 0.3 && ay <= 1.0) || (ay <= 0.3 && ax <= 1.0),
        Shape::Star => distance <= star_radius(dx.atan2(-dy)),
        Shape::Stripe => ay <= 0.25,
    }
}

/// Distance of a five-pointed star's outline from its centre, at an angle from the upward direction.
fn star_radius(angle: f32) -> f32 {
    let turn = std::f32::consts::TAU / 5.0;
    let off = (angle.rem_euclid(turn) - turn / 2.0).abs() / (turn / 2.0);
    0.42 + 0.58 * off * off
}
