//! What a photo or video says about itself, and the questions that follow from it. A question is for a person who looks;
//! nothing here decides anything, and nothing that decides may use it.

use ::evidence::Kind;
use ::evidence::report::{Place, Problem, TimeSource};
use ::evidence::sniff::{Condition, Extension};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// So far from the middle of the town's photos a photo is asked about.
pub const FAR_KM: f64 = 50.0;
/// A middle is known from so many places on.
const ENOUGH_PLACES: usize = 5;

/// What a content says about itself, as kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// When it was taken, by the clock of the device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken: Option<DateTime>,
    /// That is the time of the last change only.
    #[serde(skip_serializing_if = "is_false")]
    pub is_change: bool,
    /// Latitude and longitude.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<(f64, f64)>,
    /// Maker and model.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub device: String,
    /// The program that wrote it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub software: String,
    /// Pixels as stored, across and down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<(u32, u32)>,
    /// Seconds of a video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u64>,
    /// It looks like a picture of a screen.
    #[serde(skip_serializing_if = "is_false")]
    pub is_screenshot: bool,
    /// What does not fit together, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_false(value: &bool) -> bool {
    !value
}

impl Facts {
    /// From the report of the pure crate.
    pub fn of(report: &::evidence::Report) -> Self {
        let clean = |text: &Option<String>| {
            text.as_deref()
                .map(|text| text.chars().filter(|c| !c.is_control()).take(80).collect::<String>().trim().to_owned())
                .unwrap_or_default()
        };
        let (make, model) = (clean(&report.make), clean(&report.model));
        Self {
            taken: report.taken.map(|taken| taken.local),
            is_change: report.taken.is_some_and(|taken| taken.source == TimeSource::Changed),
            place: report.place.map(|place| (place.latitude, place.longitude)),
            device: if model.starts_with(&make) { model } else { format!("{make} {model}").trim().to_owned() },
            software: clean(&report.software),
            size: report.width.zip(report.height),
            seconds: report.duration.map(|duration| duration.as_secs()),
            is_screenshot: report.screenshot.is_some(),
            problems: report.problems.iter().map(Problem::to_string).collect(),
        }
    }

    /// Where it was taken.
    pub fn place(&self) -> Option<Place> {
        self.place.and_then(|(latitude, longitude)| Place::new(latitude, longitude))
    }

    /// Label and words of everything it says.
    pub fn labelled(&self) -> Vec<(&'static str, String)> {
        let mut said = Vec::new();
        if let Some(taken) = self.taken {
            let label = if self.is_change { "文件修改时间" } else { "拍摄时间" };
            said.push((label, taken.strftime("%Y年%-m月%-d日 %H:%M").to_string()));
        }
        if let Some(place) = self.place() {
            said.push(("拍摄地点", format!("北纬 {:.5}，东经 {:.5}", place.latitude, place.longitude)));
        }
        if !self.device.is_empty() {
            said.push(("设备", self.device.clone()));
        }
        if !self.software.is_empty() {
            said.push(("软件", self.software.clone()));
        }
        if let Some((width, height)) = self.size {
            said.push(("尺寸", format!("{width} × {height}")));
        }
        if let Some(seconds) = self.seconds {
            said.push(("时长", format!("{}分{:02}秒", seconds / 60, seconds % 60)));
        }
        said
    }
}

/// The middle of places: the median of latitudes and of longitudes, so that a few far ones do not move it.
pub fn middle(places: &[(f64, f64)]) -> Option<Place> {
    if places.len() < ENOUGH_PLACES {
        return None;
    }
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let (latitudes, longitudes) = places.iter().copied().unzip();
    Place::new(median(latitudes), median(longitudes))
}

/// What a photo is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// As the sender calls it.
    pub name: &'a str,
    /// What it is.
    pub kind: Kind,
    /// Whether all of it is there.
    pub condition: Condition,
    /// What it says about itself.
    pub facts: &'a Facts,
    /// The days that it is handed in for.
    pub days: Option<(Date, Date)>,
    /// The middle of the town's photos.
    pub middle: Option<Place>,
}

/// The questions about a file, apart from where it was seen before.
pub fn questions(asked: Asked<'_>) -> Vec<String> {
    let mut questions = Vec::new();
    if asked.condition == Condition::CutOff {
        questions.push("文件不完整，可能没有传完或在手机上就已损坏。是否请单位重新上传？".to_owned());
    }
    if asked.kind.named(asked.name) == Extension::Contradicts {
        questions.push(format!("文件名的后缀与内容不符，实际是{}。是否传错了文件？", asked.kind));
    }
    if !(asked.kind.is_picture() || asked.kind.is_video()) {
        return questions;
    }
    if let (Some(taken), Some((first, last))) = (asked.facts.taken, asked.days)
        && !asked.facts.is_change
        && (taken.date() < first || taken.date() > last)
    {
        let day = |day: Date| day.strftime("%Y年%-m月%-d日").to_string();
        let days = if first == last { day(first) } else { format!("{}至{}", day(first), day(last)) };
        questions.push(format!("拍摄时间是{}，不在{days}之内。是这次活动的照片吗？", day(taken.date())));
    }
    if let (Some(place), Some(middle)) = (asked.facts.place(), asked.middle) {
        let km = place.distance(&middle) / 1_000.0;
        if km > FAR_KM {
            questions.push(format!("拍摄地点距本镇照片常见地点约{km:.0}公里。是在本镇拍的吗？"));
        }
    }
    if asked.facts.is_screenshot {
        questions.push("看起来是屏幕截图。有现场原图吗？".to_owned());
    }
    questions
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn ask(name: &str, kind: Kind, facts: &Facts, middle: Option<Place>) -> Vec<String> {
        let days = Some((date(2022, 6, 10), date(2022, 6, 16)));
        questions(Asked { name, kind, condition: Condition::Whole, facts, days, middle })
    }

    #[test]
    fn what_fits_raises_no_question() {
        let facts =
            Facts { taken: Some(date(2022, 6, 16).at(23, 59, 0, 0)), place: Some((43.6, 118.9)), ..Facts::default() };
        assert!(ask("现场.jpg", Kind::Jpeg, &facts, Place::new(43.5, 118.8)).is_empty());
        assert!(ask("现场.jpg", Kind::Jpeg, &Facts::default(), None).is_empty(), "what says nothing is not suspected");
    }

    #[test]
    fn each_thing_that_does_not_fit_is_a_question() {
        let early = Facts { taken: Some(date(2022, 6, 9).at(9, 0, 0, 0)), ..Facts::default() };
        let cases = [
            (ask("a.jpg", Kind::Jpeg, &early, None), "拍摄时间是2022年6月9日"),
            (
                ask(
                    "a.jpg",
                    Kind::Jpeg,
                    &Facts { place: Some((39.9, 116.4)), ..Facts::default() },
                    Place::new(43.5, 118.8),
                ),
                "公里",
            ),
            (ask("a.jpg", Kind::Jpeg, &Facts { is_screenshot: true, ..Facts::default() }, None), "截图"),
            (ask("方案.docx", Kind::Jpeg, &Facts::default(), None), "实际是JPEG 图片"),
        ];
        for (questions, words) in cases {
            assert_eq!(questions.len(), 1, "{words}");
            assert!(questions[0].contains(words) && questions[0].ends_with('？'), "{}", questions[0]);
        }
        let cut = Asked {
            name: "a.mp4",
            kind: Kind::Mp4,
            condition: Condition::CutOff,
            facts: &Facts::default(),
            days: None,
            middle: None,
        };
        assert!(questions(cut)[0].contains("不完整"));
    }

    #[test]
    fn the_time_of_a_change_says_nothing_about_the_day() {
        let changed = Facts { taken: Some(date(2022, 7, 9).at(9, 0, 0, 0)), is_change: true, ..Facts::default() };
        assert!(ask("a.jpg", Kind::Jpeg, &changed, None).is_empty());
    }

    #[test]
    fn a_few_far_places_do_not_move_the_middle() {
        let mut places = vec![(43.5, 118.8); 5];
        assert!(middle(&places[..4]).is_none());
        places.extend([(-33.0, 151.0), (39.9, 116.4)]);
        assert_eq!(middle(&places), Place::new(43.5, 118.8));
    }

    proptest! {
        #[test]
        fn what_is_kept_is_read_back(
            device in "\\PC{0,20}", place in prop::option::of((-90.0..90.0_f64, -180.0..180.0_f64)),
            seconds in prop::option::of(any::<u32>()), is_screenshot in any::<bool>(), day in 0_i32..20_000,
        ) {
            use jiff::ToSpan as _;
            let facts = Facts {
                taken: Some(date(1990, 1, 1).checked_add(day.days()).unwrap().at(8, 30, 1, 0)),
                device, place, seconds: seconds.map(u64::from), is_screenshot, ..Facts::default()
            };
            let kept: Facts = serde_json::from_str(&serde_json::to_string(&facts).unwrap()).unwrap();
            prop_assert_eq!(kept.place().map(|p| (p.latitude * 1e6).round()), facts.place().map(|p| (p.latitude * 1e6).round()));
            prop_assert_eq!(Facts { place: None, ..kept }, Facts { place: None, ..facts });
        }
    }
}
