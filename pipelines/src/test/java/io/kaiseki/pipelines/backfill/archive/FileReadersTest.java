package io.kaiseki.pipelines.backfill.archive;

import static io.kaiseki.pipelines.backfill.archive.ArchiveFixture.document;
import static io.kaiseki.pipelines.backfill.archive.ArchiveFixture.read;
import static io.kaiseki.pipelines.backfill.archive.ArchiveFixture.unreadable;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.schemas.Document;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FileReadersTest {

  @TempDir Path directory;

  @Test
  void a_text_is_its_document_and_is_named_after_its_file() throws IOException {
    Document document = one("letter.txt", "\uFEFFDear all,\n\nthe parcel came.\n");

    assertThat(document.getId()).isEqualTo("letter.txt");
    assertThat(document.getBody()).isEqualTo("Dear all,\n\nthe parcel came.\n");
    assertThat(document.getTitle()).isNull();
  }

  @Test
  void text_in_another_encoding_is_refused_rather_than_guessed() throws IOException {
    byte[] content = "M\u00fcnchen".getBytes(StandardCharsets.ISO_8859_1);

    Entry.Unreadable entry =
        unreadable(read(directory, "a.txt", content, ReadOptions.USUAL).get(0));

    assertThat(entry.message()).contains("no UTF-8 from byte 1").contains("--charset");
    assertThat(entry.bytes()).isEqualTo(content);
    assertThat(
            document(
                    read(directory, "a.txt", content, new ReadOptions(Columns.USUAL, "ISO-8859-1"))
                        .get(0))
                .getBody())
        .isEqualTo("M\u00fcnchen");
  }

  @Test
  void utf_16_is_known_by_its_byte_order_mark() throws IOException {
    byte[] content = "Gr\u00fc\u00dfe".getBytes(StandardCharsets.UTF_16);

    assertThat(document(read(directory, "a.md", content, ReadOptions.USUAL).get(0)).getBody())
        .isEqualTo("Gr\u00fc\u00dfe");
  }

  @Test
  void of_html_the_words_that_a_reader_sees_are_left_one_line_for_each_block() throws IOException {
    Document document =
        one(
            "page.html",
            """
            <html lang="de"><head><title>Offer</title><style>p {color: red}</style></head>
            <body><h1>Dear   customer</h1><p>We offer <b>ten</b> chairs.<br>Yours</p>
            <table><tr><td>chair</td><td>10</td></tr></table>
            <script>alert("no")</script><ul><li>one<li>two</ul></body></html>
            """);

    assertThat(document.getTitle()).isEqualTo("Offer");
    assertThat(document.getLanguage()).isEqualTo("de");
    assertThat(document.getBody())
        .isEqualTo("Dear customer\nWe offer ten chairs.\nYours\nchair 10\none\ntwo");
  }

  @Test
  void of_html_what_is_hidden_is_left_out_with_all_that_is_in_it() throws IOException {
    Document document =
        one(
            "page.html",
            """
            <p>one<span hidden> and <b>a half</b></span></p><div hidden><p>no</p></div>
            <table><tr><td>two<td hidden>no<td>three</table><noscript>no</noscript>
            <template><p>no</p></template><p>four<style>no</style> five</p>
            """);

    assertThat(document.getBody()).isEqualTo("one\ntwo three\nfour five");
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void of_html_with_very_many_hidden_elements_the_others_are_read_within_seconds()
      throws IOException {
    int each = 200_000;

    Document document =
        one("page.html", "<p>seen".repeat(each) + "<p hidden>unseen".repeat(each) + "<p>last");

    assertThat(document.getBody()).isEqualTo("seen\n".repeat(each) + "last");
  }

  @Test
  void a_mail_in_iso_8859_1_and_quoted_printable_is_decoded() throws IOException {
    Document document =
        one(
            "mail.eml",
            """
            From: Support <support@example.com>
            Subject: =?ISO-8859-1?Q?R=FCcksendung?=
            Date: Sat, 31 Jan 2026 09:00:00 +0100
            Message-ID: <1@example.com>
            MIME-Version: 1.0
            Content-Type: text/plain; charset=ISO-8859-1
            Content-Transfer-Encoding: quoted-printable

            Gr=FC=DFe aus M=FCnchen, mit einem langen =
            Satz.
            """);

    assertThat(document.getTitle()).isEqualTo("R\u00fccksendung");
    assertThat(document.getBody())
        .isEqualTo("Gr\u00fc\u00dfe aus M\u00fcnchen, mit einem langen Satz.");
    assertThat(document.getReceivedAt()).isEqualTo(Instant.parse("2026-01-31T08:00:00Z"));
    assertThat(document.getAttributes())
        .containsEntry("from", "support@example.com")
        .containsEntry("messageId", "<1@example.com>");
  }

  @Test
  void of_a_multipart_mail_the_plain_text_is_read_and_attachments_are_named() throws IOException {
    Document document =
        one(
            "mail.eml",
            """
            From: a@example.com
            Subject: Invoice
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=outer

            --outer
            Content-Type: multipart/alternative; boundary=inner

            --inner
            Content-Type: text/plain; charset=UTF-8

            The plain words.
            --inner
            Content-Type: text/html; charset=UTF-8

            <p>The <b>same</b> words.</p>
            --inner--
            --outer
            Content-Type: application/pdf; name="invoice.pdf"
            Content-Disposition: attachment; filename="invoice.pdf"
            Content-Transfer-Encoding: base64

            JVBERi0xLjQK
            --outer--
            """);

    assertThat(document.getBody()).isEqualTo("The plain words.");
    assertThat(document.getAttributes()).containsEntry("attachments", "invoice.pdf");
  }

  @Test
  void a_mail_of_html_alone_gives_its_text_and_an_unknown_encoding_is_no_reason_to_give_up()
      throws IOException {
    Document document =
        one(
            "mail.eml",
            """
            From: a@example.com
            Subject: News
            Content-Type: text/html; charset=x-made-up

            <div>First</div><div>M\u00fcnchen</div>
            """);

    assertThat(document.getBody()).isEqualTo("First\nM\u00fcnchen");
  }

  @Test
  void a_file_that_is_no_mail_is_unreadable() throws IOException {
    List<Entry> entries = read(directory, "mail.eml", "");

    assertThat(unreadable(entries.get(0)).message()).contains("mail");
  }

  @Test
  void the_text_of_a_pdf_is_read() throws IOException {
    Document document =
        document(
            read(directory, "a.pdf", pdf("Invoice 4711 over 99 EUR", null), ReadOptions.USUAL)
                .get(0));

    assertThat(document.getBody()).isEqualTo("Invoice 4711 over 99 EUR");
    assertThat(document.getKind()).isEqualTo("pdf");
  }

  @Test
  void a_pdf_behind_a_password_is_unreadable_and_kept() throws IOException {
    byte[] content = pdf("secret", "user-password");

    Entry.Unreadable entry =
        unreadable(read(directory, "a.pdf", content, ReadOptions.USUAL).get(0));

    assertThat(entry.message()).contains("password").doesNotContain("secret");
    assertThat(entry.bytes()).isEqualTo(content);
  }

  @Test
  void a_pdf_without_text_and_one_that_is_none_are_unreadable() throws IOException {
    Entry.Unreadable scan =
        unreadable(read(directory, "scan.pdf", pdf("", null), ReadOptions.USUAL).get(0));
    Entry.Unreadable none = unreadable(read(directory, "none.pdf", "no pdf at all").get(0));

    assertThat(scan.message()).contains("1 pages without text").contains("scan");
    assertThat(none.message()).contains("is no pdf");
  }

  @Test
  void a_file_that_has_gone_is_told_without_bytes() throws IOException {
    ArchiveFile gone = new ArchiveFile(directory.resolve("gone.txt"), "gone.txt", Format.TEXT);

    try (EntryReader reader = gone.open(ReadOptions.USUAL)) {
      Entry.Unreadable entry = unreadable(reader.next().orElseThrow());
      assertThat(entry.message()).contains("NoSuchFile");
      assertThat(entry.bytes()).isNull();
      assertThat(reader.next()).isEmpty();
    }
  }

  @Test
  void a_file_that_inflates_beyond_the_memory_is_unreadable_and_kept() throws IOException {
    Path path = Files.writeString(directory.resolve("bomb.pdf"), "small");
    WholeFileReader reader =
        new WholeFileReader(
            new ArchiveFile(path, "bomb.pdf", Format.PDF),
            bytes -> {
              throw new OutOfMemoryError("Java heap space");
            });

    Entry.Unreadable entry = unreadable(reader.next().orElseThrow());

    assertThat(entry.message()).contains("more memory");
    assertThat(entry.bytes()).isEqualTo("small".getBytes(StandardCharsets.UTF_8));
    assertThat(reader.next()).isEmpty();
  }

  private Document one(String name, String content) throws IOException {
    List<Entry> entries = read(directory, name, content);
    assertThat(entries).hasSize(1);
    assertThat(entries.get(0).row()).isZero();
    return document(entries.get(0));
  }

  private static byte[] pdf(String text, String password) throws IOException {
    try (PDDocument document = new PDDocument()) {
      PDPage page = new PDPage();
      document.addPage(page);
      if (!text.isEmpty()) {
        try (PDPageContentStream content = new PDPageContentStream(document, page)) {
          content.beginText();
          content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
          content.newLineAtOffset(72, 700);
          content.showText(text);
          content.endText();
        }
      }
      if (password != null) {
        document.protect(
            new StandardProtectionPolicy("owner-password", password, new AccessPermission()));
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      document.save(out);
      return out.toByteArray();
    }
  }
}
