//! The index of an archive: a workbook of what is in it, where it lies, and what its sums are.

use official_doc::table::{Cell, Column, Sheet, write_csv, write_csv_rows, write_xlsx};

use crate::platform::error::{Error, Result};

/// A sheet of the workbook has no more rows: it is made in memory, and nobody reads longer ones. All of them are in a
/// CSV beside it then.
const MOST: usize = 20_000;
/// So many rows of a CSV are written at once.
const PORTION: usize = 1_000;

/// The tables of the index, as they are gathered.
pub struct Index {
    /// 单位
    pub units: Sheet,
    /// 任务
    pub duties: Sheet,
    /// 报送
    pub hand_ins: Sheet,
    /// 活动记录
    pub records: Sheet,
    /// 文件
    pub files: Sheet,
    /// 统计表
    pub statistics: Sheet,
    /// 统计更正
    pub corrections: Sheet,
    /// 通知修改
    pub changes: Sheet,
}

/// Columns: text unless marked `#` (number) or `@` (day).
fn sheet(name: &str, columns: &[&str]) -> Sheet {
    let column = |heading: &&str| match heading.chars().next() {
        Some('#') => Column::number(&heading[1..]),
        Some('@') => Column::date(&heading[1..]),
        _ => Column::text(*heading),
    };
    Sheet::new(name, columns.iter().map(column).collect())
}

impl Default for Index {
    fn default() -> Self {
        Self {
            units: sheet("单位", &["单位", "单位类型", "上级单位", "#活动记录", "#报送件", "#文件", "文件夹"]),
            duties: sheet("任务", &["任务", "种类", "依据", "单位", "期次", "时限", "状态", "报送时间", "是否迟报"]),
            hand_ins: sheet(
                "报送件",
                &[
                    "单位",
                    "任务",
                    "期次",
                    "#第几次报送",
                    "状态",
                    "报送时间",
                    "零报告",
                    "回执编号",
                    "审核意见",
                    "文件夹",
                ],
            ),
            records: sheet(
                "活动记录",
                &[
                    "@日期",
                    "@结束日期",
                    "单位",
                    "联合主办",
                    "标题",
                    "状态",
                    "地点",
                    "#参与人次",
                    "填报人",
                    "报送时间",
                    "#文件数",
                    "文件夹",
                    "编号",
                ],
            ),
            files: sheet(
                "文件",
                &["路径", "#字节", "SHA-256", "种类", "单位", "属于", "报送时的文件名", "收到时间", "说明"],
            ),
            statistics: sheet(
                "统计表",
                &["#周次", "@起", "@止", "#第几次冻结", "冻结时间", "冻结人", "原因", "SHA-256", "文件"],
            ),
            corrections: sheet(
                "统计更正",
                &[
                    "单位",
                    "指标",
                    "本周或累计",
                    "@起",
                    "@止",
                    "#原为",
                    "#更正为",
                    "更正为（文字）",
                    "原因",
                    "更正人",
                    "更正时间",
                    "撤回人",
                    "撤回时间",
                ],
            ),
            changes: sheet("通知修改", &["#第几版", "时间", "修改人", "说明", "改了什么"]),
        }
    }
}

impl Index {
    fn all(&self) -> [&Sheet; 8] {
        [
            &self.units,
            &self.duties,
            &self.hand_ins,
            &self.records,
            &self.files,
            &self.statistics,
            &self.corrections,
            &self.changes,
        ]
    }

    /// The files of the index: the workbook, and a CSV for each table that is too long for it.
    pub fn write(mut self, notes: &[&str]) -> Result<Vec<(String, Vec<u8>)>> {
        let mut files = Vec::new();
        for sheet in self.all() {
            if sheet.rows.len() > MOST {
                let mut csv = write_csv(&Sheet::new(sheet.name.clone(), sheet.columns.clone()));
                for portion in sheet.rows.chunks(PORTION) {
                    csv.extend(write_csv_rows(portion));
                }
                files.push((format!("索引-{}.csv", sheet.name), csv));
            }
        }
        for sheet in [&mut self.duties, &mut self.hand_ins, &mut self.records, &mut self.files, &mut self.units] {
            if sheet.rows.len() > MOST {
                sheet.rows.truncate(MOST);
                let words = format!("此处只列前两万行，全部内容见“索引-{}.csv”。", sheet.name);
                sheet.rows.push(vec![words.into()]);
            }
        }
        let sheets = self.all().map(Clone::clone);
        drop(self);
        let workbook = write_xlsx(&sheets, notes).map_err(Error::internal)?;
        files.insert(0, ("索引.xlsx".to_owned(), workbook));
        Ok(files)
    }
}

/// An instant as `2022-06-13 08:30`.
pub fn moment(ms: i64) -> String {
    calendar::to_local(ms).map(|at| at.strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

/// The same where there may be none.
pub fn moment_cell(ms: Option<i64>) -> Cell {
    ms.map(moment).into()
}

#[cfg(test)]
mod tests {
    use official_doc::table::read_sheet;

    use super::*;

    #[test]
    fn a_long_table_is_whole_in_a_csv_and_cut_in_the_workbook() {
        let mut index = Index::default();
        for n in 0..20_500_i64 {
            index.files.rows.push(vec!["=cmd()".into(), n.into()]);
        }
        let files = index.write(&["说明"]).unwrap();
        assert_eq!(files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["索引.xlsx", "索引-文件.csv"]);
        let rows = read_sheet(&files[0].1, Some("索引.xlsx"), "文件").unwrap().rows;
        assert_eq!(rows.len(), 20_002);
        assert!(rows[20_001].cell(0).contains("索引-文件.csv"));
        assert_eq!(String::from_utf8_lossy(&files[1].1).lines().count(), 20_501);
    }
}
