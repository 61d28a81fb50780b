//! How long a clerk waits for a file to be read, and how soon a bomb is put out.

use std::{
    fs,
    hint::black_box,
    io::{Cursor, Write},
    path::Path,
};

use criterion::{Criterion, criterion_group, criterion_main};
use official_doc::{
    limits::MAX_INFLATED_BYTES,
    read,
    table::{self, Column, Sheet, write_csv, write_xlsx},
};
use zip::{ZipWriter, write::SimpleFileOptions};

fn documents(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read");
    for file in ["founding.txt", "founding.docx", "founding-easyofd.ofd", "founding.pdf", "baiyin-unigb.pdf"] {
        let bytes = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(file)).expect("fixture");
        group.bench_function(file, |bencher| bencher.iter(|| read(black_box(&bytes), Some(file)).expect("a document")));
    }
}

fn bombs(criterion: &mut Criterion) {
    let padding = vec![b' '; usize::try_from(MAX_INFLATED_BYTES).expect("fits") + 1];
    let mut group = criterion.benchmark_group("bomb");
    group.sample_size(10);
    for part in ["word/document.xml", "OFD.xml"] {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file(part, SimpleFileOptions::default()).expect("a name");
        writer.write_all(b"<d>").and_then(|()| writer.write_all(&padding)).expect("memory");
        let bytes = writer.finish().expect("memory").into_inner();
        group.bench_function(part, |bencher| bencher.iter(|| read(black_box(&bytes), None).expect_err("a bomb")));
    }
}

fn tables(criterion: &mut Criterion) {
    let columns: Vec<Column> = (0..20).map(|number| Column::text(format!("列{number}"))).collect();
    let mut sheet = Sheet::new("房屋", columns);
    sheet.rows =
        (0..22_000).map(|row| (0..20).map(|column| format!("第{row}户第{column}项").into()).collect()).collect();
    let xlsx = write_xlsx(std::slice::from_ref(&sheet), &[]).expect("a sheet");
    let csv = write_csv(&sheet);
    let mut group = criterion.benchmark_group("22000 rows of 20");
    group.sample_size(10);
    group.bench_function("read xlsx", |bencher| bencher.iter(|| table::read(black_box(&xlsx), None).expect("a table")));
    group.bench_function("read csv", |bencher| bencher.iter(|| table::read(black_box(&csv), None).expect("a table")));
    group.bench_function("write xlsx", |bencher| {
        bencher.iter(|| write_xlsx(std::slice::from_ref(black_box(&sheet)), &[]).expect("a sheet"));
    });
    group.bench_function("write csv", |bencher| bencher.iter(|| write_csv(black_box(&sheet))));
}

criterion_group!(benches, documents, bombs, tables);
criterion_main!(benches);
