//! Photos of the demonstration, drawn by code: scenes without faces, each different, with the time and device a phone
//! would have written into them.

use std::cell::Cell;

use exif::experimental::Writer;
use exif::{Field, In, Tag, Value};
use jiff::civil::DateTime;
use jpeg_encoder::{ColorType, Encoder};

use crate::platform::error::{Error, Result};

/// Scenes are laid out on so many points …
const WIDTH: usize = 1280;
const HEIGHT: usize = 960;
/// … and drawn with one pixel for so many of them each way.
const COARSE: usize = 2;
const ACROSS: usize = WIDTH / COARSE;
const DOWN: usize = HEIGHT / COARSE;

/// Where a photo was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Scene {
    /// A meeting: a wall with a banner, rows of people.
    Hall,
    /// A square with stands under the open sky.
    Square,
    /// A class before a blackboard.
    Classroom,
    /// A quarry or a pit, helmets.
    Pit,
    /// A street of a village.
    Street,
}

/// The photo of a scene; another number is another photo. `taken` is the local time the phone wrote into it.
pub(super) fn photo(scene: Scene, number: u32, taken: DateTime, quality: u8) -> Result<Vec<u8>> {
    let mut canvas = Canvas::new(number.wrapping_mul(0x9e37_79b1) ^ 0x51ed_270b);
    match scene {
        Scene::Hall => hall(&mut canvas),
        Scene::Square => square(&mut canvas),
        Scene::Classroom => classroom(&mut canvas),
        Scene::Pit => pit(&mut canvas),
        Scene::Street => street(&mut canvas),
    }
    canvas.light_and_grain();
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, quality);
    encoder.add_exif_metadata(&written_by_the_phone(taken)?).map_err(Error::internal)?;
    encoder.encode(&canvas.rgb, ACROSS as u16, DOWN as u16, ColorType::Rgb).map_err(Error::internal)?;
    Ok(bytes)
}

fn written_by_the_phone(taken: DateTime) -> Result<Vec<u8>> {
    let ascii = |tag, text: String| Field { tag, ifd_num: In::PRIMARY, value: Value::Ascii(vec![text.into_bytes()]) };
    let fields = [
        ascii(Tag::Make, "Anyue".to_owned()),
        ascii(Tag::Model, "Demonstration phone".to_owned()),
        ascii(Tag::DateTimeOriginal, taken.strftime("%Y:%m:%d %H:%M:%S").to_string()),
    ];
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut bytes = std::io::Cursor::new(Vec::new());
    writer.write(&mut bytes, false).map_err(Error::internal)?;
    Ok(bytes.into_inner())
}

type Colour = [f32; 3];

const RED: Colour = [190.0, 32.0, 38.0];
const CREAM: Colour = [250.0, 236.0, 190.0];

fn hall(canvas: &mut Canvas) {
    let wall =
        canvas.pick(&[[226.0, 220.0, 205.0], [205.0, 214.0, 222.0], [236.0, 230.0, 222.0], [188.0, 176.0, 158.0]]);
    canvas.rect((0, 0), (WIDTH, HEIGHT), wall);
    let floor = canvas.between(560, 700);
    canvas.rect((0, floor), (WIDTH, HEIGHT - floor), [132.0, 108.0, 86.0]);
    let (left, top) = (canvas.between(40, 520), canvas.between(130, 300));
    let screen = canvas.pick(&[[40.0, 70.0, 130.0], [245.0, 248.0, 252.0], [20.0, 100.0, 110.0]]);
    canvas.rect((left, top), (canvas.between(360, 640), canvas.between(200, 300)), screen);
    let at = canvas.between(30, 110);
    canvas.banner((canvas.between(60, 260), at), canvas.between(700, 960), 76);
    for row in 0..canvas.between(2, 5) {
        canvas.people(floor + 20 + row * 90, canvas.between(6, 14), 34 + row * 7);
    }
}

fn square(canvas: &mut Canvas) {
    let sky =
        canvas.pick(&[[150.0, 190.0, 232.0], [206.0, 214.0, 220.0], [112.0, 160.0, 214.0], [236.0, 216.0, 190.0]]);
    let horizon = canvas.between(300, 520);
    canvas.shade((0, 0), (WIDTH, horizon), sky, [236.0, 240.0, 244.0]);
    canvas.hills(horizon, 40 + canvas.between(0, 120), [96.0, 126.0, 84.0]);
    let ground = canvas.pick(&[[168.0, 160.0, 146.0], [146.0, 150.0, 152.0], [186.0, 170.0, 136.0]]);
    canvas.rect((0, horizon), (WIDTH, HEIGHT - horizon), ground);
    let tents = canvas.between(2, 6);
    for tent in 0..tents {
        let left = tent * WIDTH / tents + canvas.between(10, 60);
        let colour = canvas.pick(&[RED, [38.0, 92.0, 170.0], [240.0, 240.0, 240.0], [46.0, 128.0, 84.0]]);
        canvas.triangle((left, horizon - 30), WIDTH / tents - 40, 130, colour);
        canvas.rect((left + 12, horizon + 100), (WIDTH / tents - 64, 90), [250.0, 250.0, 246.0]);
    }
    let at = canvas.between(40, 200);
    canvas.banner((canvas.between(100, 400), at), canvas.between(500, 800), 64);
    canvas.people(horizon + canvas.between(160, 260), canvas.between(8, 18), 42);
    canvas.people(HEIGHT - 150, canvas.between(3, 9), 62);
}

fn classroom(canvas: &mut Canvas) {
    let wall =
        canvas.pick(&[[232.0, 236.0, 228.0], [168.0, 186.0, 206.0], [238.0, 228.0, 208.0], [150.0, 140.0, 122.0]]);
    canvas.rect((0, 0), (WIDTH, HEIGHT), wall);
    let (left, top) = (canvas.between(80, 420), canvas.between(90, 220));
    let board = (canvas.between(520, 760), canvas.between(220, 330));
    canvas.rect((left, top), board, [30.0, 74.0, 60.0]);
    for line in 0..4 {
        let length = canvas.between(120, board.0 - 80);
        canvas.rect((left + 40, top + 40 + line * 48), (length, 10), [222.0, 228.0, 222.0]);
    }
    let window = (canvas.between(120, 300), canvas.between(260, 440));
    let side = if canvas.between(0, 2) == 0 { 20 } else { WIDTH - window.0 - 20 };
    canvas.shade((side, canvas.between(40, 120)), window, [120.0, 170.0, 220.0], [250.0, 252.0, 255.0]);
    canvas.rect(
        (0, HEIGHT - canvas.between(120, 420)),
        (WIDTH, 420),
        canvas.pick(&[[120.0, 96.0, 74.0], [170.0, 176.0, 178.0]]),
    );
    for row in 0..3 {
        let y = 540 + row * 130;
        let desks = canvas.between(4, 7);
        for desk in 0..desks {
            canvas.rect((desk * WIDTH / desks + 30, y + 70), (WIDTH / desks - 70, 26), [186.0, 140.0, 88.0]);
        }
        canvas.people(y, desks, 36 + row * 8);
    }
}

fn pit(canvas: &mut Canvas) {
    let horizon = canvas.between(120, 320);
    canvas.shade((0, 0), (WIDTH, horizon), [176.0, 196.0, 214.0], [226.0, 226.0, 220.0]);
    let rock = canvas.pick(&[[150.0, 128.0, 104.0], [122.0, 120.0, 122.0], [172.0, 150.0, 112.0]]);
    canvas.rect((0, horizon), (WIDTH, HEIGHT - horizon), rock);
    for step in 0..canvas.between(3, 6) {
        let y = horizon + 60 + step * canvas.between(70, 130);
        canvas.rect((canvas.between(0, 400), y), (canvas.between(500, 1000), 18), rock.map(|part| part * 0.62));
    }
    let machine = (canvas.between(100, 900), canvas.between(420, 600));
    canvas.rect(machine, (230, 120), [226.0, 170.0, 30.0]);
    canvas.disc((machine.0 + 50, machine.1 + 130), 42, [34.0, 34.0, 36.0]);
    canvas.disc((machine.0 + 180, machine.1 + 130), 42, [34.0, 34.0, 36.0]);
    canvas.people(HEIGHT - canvas.between(150, 260), canvas.between(4, 10), 52);
}

fn street(canvas: &mut Canvas) {
    let horizon = canvas.between(260, 420);
    canvas.shade((0, 0), (WIDTH, horizon), [140.0, 184.0, 230.0], [232.0, 236.0, 238.0]);
    canvas.rect((0, horizon), (WIDTH, HEIGHT - horizon), [176.0, 166.0, 148.0]);
    let mut left = 0;
    while left < WIDTH {
        let (width, height) = (canvas.between(160, 380), canvas.between(140, 330));
        let wall =
            canvas.pick(&[[190.0, 92.0, 70.0], [228.0, 220.0, 204.0], [160.0, 160.0, 164.0], [206.0, 176.0, 130.0]]);
        canvas.rect((left, horizon + 60 - height), (width, height), wall);
        canvas.rect((left + 40, horizon + 90 - height), (60, 70), [70.0, 92.0, 120.0]);
        canvas.rect((left + width - 84, horizon - 40), (52, 100), [88.0, 60.0, 44.0]);
        left += width + canvas.between(0, 120);
    }
    if canvas.between(0, 3) > 0 {
        canvas.banner((canvas.between(60, 500), horizon - canvas.between(20, 90)), canvas.between(400, 700), 54);
    }
    canvas.people(horizon + canvas.between(120, 300), canvas.between(3, 9), 54);
}

struct Canvas {
    rgb: Vec<u8>,
    state: Cell<u32>,
}

impl Canvas {
    fn new(seed: u32) -> Self {
        Self { rgb: vec![0; ACROSS * DOWN * 3], state: Cell::new(seed | 1) }
    }

    /// The next number of a fixed sequence (xorshift): the same photo every time.
    fn next(&self) -> u32 {
        let mut state = self.state.get();
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        self.state.set(state);
        state
    }

    fn between(&self, least: usize, below: usize) -> usize {
        least + self.next() as usize % (below - least).max(1)
    }

    fn pick(&self, colours: &[Colour]) -> Colour {
        colours[self.between(0, colours.len())]
    }

    fn set(&mut self, x: usize, y: usize, colour: Colour) {
        if x < ACROSS && y < DOWN {
            let at = (y * ACROSS + x) * 3;
            self.rgb[at..at + 3].copy_from_slice(&colour.map(|part| part.clamp(0.0, 255.0) as u8));
        }
    }

    fn shade(&mut self, (left, top): (usize, usize), (width, height): (usize, usize), from: Colour, to: Colour) {
        for y in top / COARSE..(top + height).div_ceil(COARSE) {
            let part = (y * COARSE).saturating_sub(top) as f32 / height as f32;
            let colour = std::array::from_fn(|i| from[i] + (to[i] - from[i]) * part);
            (left / COARSE..(left + width).div_ceil(COARSE)).for_each(|x| self.set(x, y, colour));
        }
    }

    fn rect(&mut self, at: (usize, usize), size: (usize, usize), colour: Colour) {
        self.shade(at, size, colour, colour.map(|part| part * 0.9));
    }

    fn disc(&mut self, (x, y): (usize, usize), radius: usize, colour: Colour) {
        let (x, y, radius) = (x / COARSE, y / COARSE, radius / COARSE);
        for dy in 0..=2 * radius {
            for dx in 0..=2 * radius {
                if dx.abs_diff(radius).pow(2) + dy.abs_diff(radius).pow(2) <= radius * radius {
                    self.set((x + dx).saturating_sub(radius), (y + dy).saturating_sub(radius), colour);
                }
            }
        }
    }

    fn triangle(&mut self, (left, top): (usize, usize), width: usize, height: usize, colour: Colour) {
        for y in 0..height / COARSE {
            let half = width * y / height / 2;
            let from = (left + width / 2) / COARSE - half;
            (from..from + 2 * half).for_each(|x| self.set(x, top / COARSE + y, colour));
        }
    }

    fn hills(&mut self, horizon: usize, height: usize, colour: Colour) {
        let (first, second) = (self.between(40, 160) as f32, self.between(150, 420) as f32);
        for x in (0..WIDTH).step_by(COARSE) {
            let wave = ((x as f32 / first).sin() + (x as f32 / second).cos() * 2.0 + 3.0) / 6.0;
            let top = horizon - (height as f32 * wave) as usize;
            self.rect((x, top), (COARSE, horizon - top), colour);
        }
    }

    /// A red banner with strokes where its slogan would be.
    fn banner(&mut self, (left, top): (usize, usize), width: usize, height: usize) {
        self.rect((left, top), (width, height), RED);
        let count = width / height;
        for place in 0..count {
            let x = left + place * width / count + height / 5;
            for stroke in 0..4 {
                let y = top + height / 5 + stroke * height / 6;
                let length = height / 4 + self.between(0, height / 3);
                self.rect((x, y), (length, height / 14 + 1), CREAM);
            }
            self.rect((x + height / 4, top + height / 6), (height / 14 + 1, height * 2 / 3), CREAM);
        }
    }

    /// People from behind: a head without a face, a body, sometimes a helmet.
    fn people(&mut self, y: usize, count: usize, size: usize) {
        for person in 0..count {
            let x = person * WIDTH / count + self.between(20, 90);
            let coat = self.pick(&[
                [40.0, 60.0, 110.0],
                [70.0, 74.0, 78.0],
                [150.0, 46.0, 50.0],
                [230.0, 120.0, 30.0],
                [60.0, 100.0, 70.0],
            ]);
            self.disc((x, y), size / 2, [52.0, 40.0, 34.0]);
            if self.between(0, 4) == 0 {
                self.disc((x, y.saturating_sub(size / 6)), size / 2, [240.0, 190.0, 30.0]);
            }
            self.rect((x.saturating_sub(size * 2 / 3), y + size / 2), (size * 4 / 3, size * 3 / 2), coat);
        }
    }

    /// Light from one side, and the grain of a small sensor.
    fn light_and_grain(&mut self) {
        let (tilt, strength) = (self.between(0, 100) as f32 / 50.0 - 1.0, self.between(10, 46) as f32);
        for y in 0..DOWN {
            for x in 0..ACROSS {
                let side =
                    (x as f32 / ACROSS as f32 - 0.5) * tilt + (0.5 - y as f32 / DOWN as f32) * (1.0 - tilt.abs());
                let change = side * strength + (self.next() % 9) as f32 - 4.0;
                let at = (y * ACROSS + x) * 3;
                for part in &mut self.rgb[at..at + 3] {
                    *part = (f32::from(*part) + change).clamp(0.0, 255.0) as u8;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_is_the_same_photo_with_the_time_the_phone_wrote() {
        let taken = jiff::civil::date(2022, 6, 14).at(9, 30, 0, 0);
        let first = photo(Scene::Hall, 1, taken, 85).unwrap();
        assert_eq!(first, photo(Scene::Hall, 1, taken, 85).unwrap());
        assert_ne!(first, photo(Scene::Hall, 2, taken, 85).unwrap());
        let report = evidence::report(&mut std::io::Cursor::new(&first)).unwrap();
        assert_eq!(report.taken.unwrap().local, taken);
    }
}
