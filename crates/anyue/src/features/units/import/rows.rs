//! From a table to rows of text by column.

use official_doc::table::Table;

use crate::platform::error::{Error, Result};
use crate::platform::text_key::text_key;

/// A column of the table of units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Column {
    /// 上级单位
    Parent,
    /// 单位名称
    Name,
    /// 类型
    Kind,
    /// 编号
    Code,
    /// 行业
    Industry,
    /// 主要负责人
    Principal,
    /// 从业人数
    Headcount,
    /// 地址
    Address,
    /// 所在村
    Village,
    /// 电话
    Phone,
    /// 备注
    Note,
    /// 序号
    Ordinal,
    /// 状态: written by exports of units that are not in use.
    State,
}

impl Column {
    /// The columns of the template, in order.
    pub const ALL: [Self; 12] = [
        Self::Parent,
        Self::Name,
        Self::Kind,
        Self::Code,
        Self::Industry,
        Self::Principal,
        Self::Headcount,
        Self::Address,
        Self::Village,
        Self::Phone,
        Self::Note,
        Self::Ordinal,
    ];

    /// The heading.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Parent => "上级单位",
            Self::Name => "单位名称",
            Self::Kind => "类型",
            Self::Code => "编号",
            Self::Industry => "行业",
            Self::Principal => "主要负责人",
            Self::Headcount => "从业人数",
            Self::Address => "地址",
            Self::Village => "所在村",
            Self::Phone => "电话",
            Self::Note => "备注",
            Self::Ordinal => "序号",
            Self::State => "状态",
        }
    }

    fn of_heading(text: &str) -> Option<Self> {
        let key = text_key(text);
        let key = key.split(['(', '【', '[']).next().unwrap_or_default().trim_matches('*');
        Some(match key {
            "上级单位" | "上级" | "主管单位" | "所属单位" => Self::Parent,
            "单位名称" | "名称" | "单位" | "单位全称" | "企业名称" => Self::Name,
            "类型" | "单位类型" | "类别" => Self::Kind,
            "编号" | "单位编号" | "统一社会信用代码" | "信用代码" | "代码" => Self::Code,
            "行业" | "所属行业" | "行业类别" => Self::Industry,
            "主要负责人" | "负责人" | "法定代表人" => Self::Principal,
            "从业人数" | "从业人员" | "人数" | "职工人数" => Self::Headcount,
            "地址" | "单位地址" | "详细地址" => Self::Address,
            "所在村" | "所在嘎查村" | "所属村" => Self::Village,
            "电话" | "联系电话" | "单位电话" | "办公电话" => Self::Phone,
            "备注" | "说明" => Self::Note,
            "序号" | "排序" => Self::Ordinal,
            "状态" => Self::State,
            _ => return None,
        })
    }
}

/// One row: where it stands in the file and its cells.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ImportRow {
    /// Row in the file, from 1.
    pub number: u32,
    /// Its cells that are not blank.
    pub cells: Vec<(Column, String)>,
}

impl ImportRow {
    /// The text in a column; empty when the cell is blank or the column is not there.
    pub fn cell(&self, column: Column) -> &str {
        self.cells.iter().find(|(own, _)| *own == column).map_or("", |(_, text)| text.as_str())
    }
}

/// A table of units as read, before it is compared with anything.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct UnitTable {
    /// Name of the file.
    pub file_name: String,
    /// The rows below the headings.
    pub rows: Vec<ImportRow>,
    /// Headings that mean nothing here: their columns are left out.
    pub ignored: Vec<String>,
    /// Cells and sheets that a person should look at.
    pub remarks: Vec<String>,
}

/// Most rows of one table.
pub const MAX_ROWS: usize = 10_000;

/// Reads a table.
///
/// # Errors
/// [`Error::Refused`] with what to do: not a table, no heading 单位名称, no row, too many rows.
pub fn read(bytes: &[u8], file_name: &str) -> Result<UnitTable> {
    let table = official_doc::table::read(bytes, Some(file_name)).map_err(|error| Error::refused(error.to_string()))?;
    let head = table.rows.iter().take(10).position(|row| {
        let found: Vec<Column> = row.cells.iter().filter_map(|cell| Column::of_heading(cell)).collect();
        found.contains(&Column::Name) && found.len() > 1
    });
    let Some(head) = head else {
        return Err(Error::refused(
            "表格前10行里没有找到“单位名称”和其他列的标题。请下载模板，把内容填到模板里再导入。",
        ));
    };
    let columns: Vec<Option<Column>> = table.rows[head].cells.iter().map(|cell| Column::of_heading(cell)).collect();
    for (place, column) in columns.iter().enumerate() {
        if let Some(column) = column
            && columns[..place].contains(&Some(*column))
        {
            return Err(Error::refused(format!("表格里有两列“{}”，请删去一列再导入。", column.heading())));
        }
    }
    let rows: Vec<ImportRow> = table.rows[head + 1..].iter().filter_map(|row| import_row(row, &columns)).collect();
    if rows.is_empty() {
        return Err(Error::refused("标题下面没有任何一行单位，请填好后再导入。"));
    }
    if rows.len() > MAX_ROWS {
        return Err(Error::TooLarge(format!(
            "一次最多导入{MAX_ROWS}行，这份表格有{}行，请拆成几份分别导入。",
            rows.len()
        )));
    }
    let headings = &table.rows[head].cells;
    let unknown = headings.iter().zip(&columns).filter(|(text, column)| column.is_none() && !text.trim().is_empty());
    Ok(UnitTable {
        file_name: crate::platform::blobs::clean_name(file_name),
        ignored: unknown.map(|(text, _)| text.trim().to_owned()).collect(),
        remarks: remarks(&table),
        rows,
    })
}

fn import_row(row: &official_doc::table::Row, columns: &[Option<Column>]) -> Option<ImportRow> {
    let cells: Vec<(Column, String)> = columns
        .iter()
        .enumerate()
        .filter_map(|(place, column)| Some(((*column)?, row.cell(place).to_owned())))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    // A row of which only the running number is filled in is a blank row of a form.
    let blank = cells.iter().all(|(column, _)| *column == Column::Ordinal);
    (!blank).then_some(ImportRow { number: row.number, cells })
}

fn remarks(table: &Table) -> Vec<String> {
    let mut remarks: Vec<String> = table.warnings.iter().take(20).map(ToString::to_string).collect();
    if table.warnings.len() > 20 {
        remarks.push(format!("还有{}处类似的提醒。", table.warnings.len() - 20));
    }
    let others: Vec<&str> = table.other_sheets.iter().map(String::as_str).filter(|name| *name != "填表说明").collect();
    if !others.is_empty() {
        remarks.push(format!("只读取了第一张工作表，没有读取：{}。", others.join("、")));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_found_below_a_title_and_in_any_order() {
        let csv = "青龙山镇单位名册,,\n,,\n单位名称（全称）,联系电话,类别,天气\n东沟村,007,村,晴\n,,,\n西沟村,,村,\n";
        let table = read(csv.as_bytes(), "单位.csv").unwrap();
        assert_eq!(table.rows.len(), 2);
        assert_eq!(table.rows[0].number, 4);
        assert_eq!(table.rows[0].cell(Column::Phone), "007");
        assert_eq!(table.ignored, ["天气"]);
    }

    #[test]
    fn what_is_no_table_of_units_is_refused_with_what_to_do() {
        let cases = [
            ("甲,乙\n1,2\n", "下载模板"),
            ("单位名称,类型\n", "没有任何一行"),
            ("单位名称,类型,名称\n东沟村,村,x\n", "两列"),
        ];
        for (csv, words) in cases {
            let error = read(csv.as_bytes(), "x.csv").unwrap_err().to_string();
            assert!(error.contains(words), "{csv}: {error}");
        }
    }
}
