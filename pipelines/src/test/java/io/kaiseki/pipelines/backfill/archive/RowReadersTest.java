package io.kaiseki.pipelines.backfill.archive;

import static io.kaiseki.pipelines.backfill.archive.ArchiveFixture.document;
import static io.kaiseki.pipelines.backfill.archive.ArchiveFixture.read;
import static io.kaiseki.pipelines.backfill.archive.ArchiveFixture.unreadable;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowReadersTest {

  @TempDir Path directory;

  @Test
  void json_fields_become_a_document_by_their_usual_names() throws IOException {
    List<Entry> entries =
        read(
            directory,
            "a.jsonl",
            """
            {"id": 7, "subject": "Late", "body": "No parcel.", "lang": "en", "date": "2026-01-31"}

            {"text": "Only a text."}
            """);

    assertThat(entries).hasSize(2);
    assertThat(document(entries.get(0)).getId()).isEqualTo("7");
    assertThat(document(entries.get(0)).getTitle()).isEqualTo("Late");
    assertThat(document(entries.get(0)).getBody()).isEqualTo("No parcel.");
    assertThat(document(entries.get(0)).getLanguage()).isEqualTo("en");
    assertThat(document(entries.get(0)).getReceivedAt())
        .isEqualTo(Instant.parse("2026-01-31T00:00:00Z"));
    assertThat(document(entries.get(1)).getId()).isEqualTo("a.jsonl#3");
    assertThat(entries.get(1).row()).isEqualTo(3);
  }

  @Test
  void a_json_pointer_reaches_into_nested_objects() throws IOException {
    ReadOptions options =
        new ReadOptions(new Columns("/key", "/fields/body", null, null, null), "UTF-8");

    List<Entry> entries =
        read(
            directory,
            "a.jsonl",
            "{\"key\": \"K-1\", \"fields\": {\"body\": \"Deep.\"}}"
                .getBytes(StandardCharsets.UTF_8),
            options);

    assertThat(document(entries.get(0)).getId()).isEqualTo("K-1");
    assertThat(document(entries.get(0)).getBody()).isEqualTo("Deep.");
  }

  @Test
  void a_broken_json_line_costs_that_line_alone_and_keeps_its_bytes() throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes("{\"text\": \"one\"}\n".getBytes(StandardCharsets.UTF_8));
    content.writeBytes("{\"text\": \"two\"\n".getBytes(StandardCharsets.UTF_8));
    content.writeBytes("[1, 2]\n".getBytes(StandardCharsets.UTF_8));
    content.writeBytes("{\"text\": \"M\u00fcnchen\"}\n".getBytes(StandardCharsets.ISO_8859_1));
    content.writeBytes("{\"words\": \"no text\"}\n".getBytes(StandardCharsets.UTF_8));
    content.writeBytes("{\"text\": \"six\"}".getBytes(StandardCharsets.UTF_8));

    List<Entry> entries = read(directory, "a.jsonl", content.toByteArray(), ReadOptions.USUAL);

    assertThat(entries).hasSize(6);
    assertThat(document(entries.get(0)).getBody()).isEqualTo("one");
    assertThat(unreadable(entries.get(1)).message()).contains("line 2").contains("JSON");
    assertThat(unreadable(entries.get(1)).bytes())
        .isEqualTo("{\"text\": \"two\"".getBytes(StandardCharsets.UTF_8));
    assertThat(unreadable(entries.get(1)).id()).isEqualTo("a.jsonl#2");
    assertThat(unreadable(entries.get(2)).message()).contains("no JSON object");
    assertThat(unreadable(entries.get(3)).message()).contains("no UTF-8").contains("--charset");
    assertThat(unreadable(entries.get(4)).message()).contains("--text");
    assertThat(document(entries.get(5)).getBody()).isEqualTo("six");
  }

  @Test
  void rows_of_another_encoding_are_read_when_it_is_named() throws IOException {
    List<Entry> entries =
        read(
            directory,
            "a.csv",
            "id;text\n1;M\u00fcnchen\n".getBytes(StandardCharsets.ISO_8859_1),
            new ReadOptions(Columns.USUAL, "ISO-8859-1"));

    assertThat(document(entries.get(0)).getBody()).isEqualTo("M\u00fcnchen");
  }

  @Test
  void csv_values_may_be_quoted_over_lines_and_separated_by_semicolons() throws IOException {
    List<Entry> entries =
        read(
            directory,
            "a.csv",
            "\uFEFFID;Title;Text\r\n"
                + "1;\"Say \"\"no\"\"\";\"first line\r\nsecond; line\"\r\n"
                + "\r\n"
                + "2;;plain\r\n");

    assertThat(entries).hasSize(2);
    assertThat(document(entries.get(0)).getTitle()).isEqualTo("Say \"no\"");
    assertThat(document(entries.get(0)).getBody()).isEqualTo("first line\r\nsecond; line");
    assertThat(document(entries.get(1)).getId()).isEqualTo("2");
    assertThat(document(entries.get(1)).getBody()).isEqualTo("plain");
  }

  @Test
  void a_quotation_mark_that_is_never_closed_costs_one_row() throws IOException {
    List<Entry> entries =
        read(
            directory,
            "a.csv",
            """
            id,text
            1,good
            2,"open
            3,good
            4,"quoted, too"
            5,good
            """);

    assertThat(entries).hasSize(5);
    assertThat(unreadable(entries.get(1)).id()).isEqualTo("a.csv#2");
    assertThat(unreadable(entries.get(1)).bytes())
        .isEqualTo("2,\"open".getBytes(StandardCharsets.UTF_8));
    assertThat(document(entries.get(2)).getId()).isEqualTo("3");
    assertThat(document(entries.get(3)).getBody()).isEqualTo("quoted, too");
    assertThat(document(entries.get(4)).getId()).isEqualTo("5");
  }

  @Test
  void a_quoted_value_of_more_lines_than_memory_is_meant_for_costs_one_row() throws IOException {
    int most = ByteLines.LONGEST / 41;

    List<Entry> few = read(directory, "a.csv", csvOverLines(most - 10));
    List<Entry> many = read(directory, "b.csv", csvOverLines(most + 10));

    assertThat(few).extracting(Entry::id).containsExactly("1", "2");
    assertThat(document(few.get(0)).getBody().length())
        .isEqualTo("open".length() + most - 10 + "end".length());
    assertThat(many).extracting(Entry::id).containsExactly("b.csv#1", "b.csv#2", "2");
    assertThat(unreadable(many.get(0)).message()).contains("a quotation mark is not closed");
    assertThat(unreadable(many.get(0)).bytes())
        .isEqualTo("1,\"open".getBytes(StandardCharsets.UTF_8));
    assertThat(unreadable(many.get(1)).bytes()).isEqualTo("end\"".getBytes(StandardCharsets.UTF_8));
  }

  private static String csvOverLines(int lines) {
    return "id,text\n1,\"open" + "\n".repeat(lines) + "end\"\n2,good\n";
  }

  @Test
  void a_line_that_is_too_long_is_told_behind_a_row_with_an_open_quotation_mark_too()
      throws IOException {
    String csv = "id,text\n1,a 5\" disk\n" + "x".repeat(ByteLines.LONGEST + 1) + "\n3,good\n";

    List<Entry> entries = read(directory, "a.csv", csv);

    assertThat(entries).extracting(Entry::id).containsExactly("1", "a.csv#2", "3");
    assertThat(unreadable(entries.get(1)).message()).contains("longer than");
  }

  @Test
  void inches_in_unquoted_values_do_not_join_rows() throws IOException {
    List<Entry> entries =
        read(directory, "a.csv", "id,text\n1,a 5\" disk\n2,a 6\" disk\n3,a 7\" disk\n");

    assertThat(entries).extracting(Entry::id).containsExactly("1", "2", "3");
    assertThat(document(entries.get(1)).getBody()).isEqualTo("a 6\" disk");
  }

  @Test
  void a_row_with_too_many_values_is_told_with_both_numbers() throws IOException {
    List<Entry> entries = read(directory, "a.csv", "id,text\n1,a,b\n2,c\n");

    assertThat(unreadable(entries.get(0)).message()).contains("3 values").contains("has 2");
    assertThat(document(entries.get(1)).getBody()).isEqualTo("c");
  }

  @Test
  void columns_that_were_asked_for_and_are_not_there_are_known_beforehand() throws IOException {
    Path path = directory.resolve("a.csv");
    java.nio.file.Files.writeString(path, "number,body\n1,x\n");
    ReadOptions options =
        new ReadOptions(new Columns("number", "words", null, null, null), "UTF-8");

    try (EntryReader reader = new ArchiveFile(path, "a.csv", Format.CSV).open(options)) {
      assertThat(reader.missingColumns()).containsExactly("words");
      assertThat(unreadable(reader.next().orElseThrow()).message()).contains("words");
    }
  }

  @Test
  void a_time_that_was_asked_for_and_is_none_is_no_time_of_the_file() throws IOException {
    ReadOptions options = new ReadOptions(new Columns(null, null, null, null, "when"), "UTF-8");

    List<Entry> entries =
        read(
            directory,
            "a.csv",
            "when,text\nyesterday,a\n1769846400,b\n2026-01-31 08:00:00,c\n"
                .getBytes(StandardCharsets.UTF_8),
            options);

    assertThat(unreadable(entries.get(0)).message()).contains("when").doesNotContain("yesterday");
    assertThat(document(entries.get(1)).getReceivedAt())
        .isEqualTo(Instant.ofEpochSecond(1_769_846_400));
    assertThat(document(entries.get(2)).getReceivedAt())
        .isEqualTo(Instant.parse("2026-01-31T08:00:00Z"));
  }

  @Test
  void a_csv_with_carriage_returns_alone_is_one_unreadable_entry_and_does_not_vanish()
      throws IOException {
    String content = "id,text\r1,one\r2,two\r";

    List<Entry> entries = read(directory, "a.csv", content);

    assertThat(entries).hasSize(1);
    assertThat(unreadable(entries.get(0)).id()).isEqualTo("a.csv");
    assertThat(unreadable(entries.get(0)).row()).isZero();
    assertThat(unreadable(entries.get(0)).message()).contains("header").contains("line feed");
    assertThat(unreadable(entries.get(0)).bytes())
        .isEqualTo(content.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_header_that_can_not_be_read_is_told_before_its_rows() throws IOException {
    List<Entry> entries =
        read(
            directory,
            "a.csv",
            "id,M\u00fcnchen,text\n1,a,b\n".getBytes(StandardCharsets.ISO_8859_1),
            ReadOptions.USUAL);

    assertThat(entries).extracting(Entry::row).containsExactly(0L, 1L);
    assertThat(unreadable(entries.get(0)).message()).startsWith("the header is no UTF-8");
    assertThat(unreadable(entries.get(1)).message()).contains("stands under no header");
  }

  @Test
  void a_csv_that_is_empty_or_blank_has_no_entries() throws IOException {
    assertThat(read(directory, "a.csv", "")).isEmpty();
    assertThat(read(directory, "b.csv", "\r\n\r\n")).isEmpty();
  }

  @Test
  void a_wrong_byte_in_a_quoted_value_over_lines_makes_no_documents_of_the_lines_inside()
      throws IOException {
    List<Entry> entries =
        read(
            directory,
            "a.csv",
            "id,text\n1,\"M\u00fcnchen\n7,inner\nend\"\n2,good\n"
                .getBytes(StandardCharsets.ISO_8859_1),
            ReadOptions.USUAL);

    assertThat(entries).extracting(Entry::id).containsExactly("a.csv#1", "2");
    assertThat(unreadable(entries.get(0)).message()).contains("no UTF-8");
    assertThat(unreadable(entries.get(0)).bytes())
        .isEqualTo("1,\"M\u00fcnchen\n7,inner\nend\"".getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void rows_behind_a_utf_8_mark_are_utf_8_whatever_encoding_is_named() throws IOException {
    ReadOptions options = new ReadOptions(Columns.USUAL, "windows-1252");
    String csv = "\uFEFFid,text\n1,M\u00fcnchen\n";
    String jsonl = "\uFEFF{\"text\": \"M\u00fcnchen\"}\n{\"text\": \"K\u00f6ln\"}\n";

    List<Entry> rows = read(directory, "a.csv", csv.getBytes(StandardCharsets.UTF_8), options);
    List<Entry> lines = read(directory, "a.jsonl", jsonl.getBytes(StandardCharsets.UTF_8), options);

    assertThat(document(rows.get(0)).getBody()).isEqualTo("M\u00fcnchen");
    assertThat(document(lines.get(0)).getBody()).isEqualTo("M\u00fcnchen");
    assertThat(document(lines.get(1)).getBody()).isEqualTo("K\u00f6ln");
  }
}
