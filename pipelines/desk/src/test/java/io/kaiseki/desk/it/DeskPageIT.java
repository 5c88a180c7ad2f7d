package io.kaiseki.desk.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kaiseki.schemas.DeadLetterReason;
import io.kaiseki.schemas.Feedback;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/**
 * The page in a real browser, before a real desk. Each test opens it anew, over the same tickets
 * and those of whichever tests came before, and brings the tickets that it needs.
 */
@ExtendWith(DeskServices.class)
class DeskPageIT {

  private static final List<String> CATEGORIES =
      List.of("billing", "delivery", "technical_fault", "payment", "fraud_or_security", "question");

  private static final String SCRIPT =
      "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
          + "<style>*{display:none}</style>";
  private static final String TURNED = "Invoice \u202Egnp.exe\u202C and \u2066isolated\u2069 text";

  private static TopicsFixture topics;
  private static DeskProcess desk;
  private static Browser browser;

  @BeforeAll
  static void open() throws Exception {
    topics = new TopicsFixture(1);
    int answered = writeTickets(40);
    desk = DeskProcess.start(topics);
    browser = Browser.start();
    DeskIT.eventually(
        () -> assertThat(desk.api().counts().at("/status/open").asInt()).isEqualTo(answered));
  }

  @BeforeEach
  void openThePage() {
    browser.size(1440, 900);
    browser.open(URI.create("about:blank"));
    browser.open(desk.url());
    browser.run("localStorage.setItem('kaiseki-desk-who', 'A. Tester')");
    browser.await("#live[data-state=live]");
    browser.until(() -> browser.all(".row").size() >= 30);
    // Those of the test before are not this one's.
    browser.complaints();
  }

  @AfterAll
  static void close() throws Exception {
    for (AutoCloseable one : new AutoCloseable[] {browser, desk, topics}) {
      if (one != null) {
        one.close();
      }
    }
  }

  @Test
  void tickets_appear_live_without_a_reload() {
    browser.run("window.sameDocument = true");

    ticket("LIVE-1");

    assertThat(browser.run("return window.sameDocument")).isEqualTo(true);
    browser.screenshot("queue");
  }

  @Test
  void filters_narrow_the_list_and_say_how_many_there_would_be() {
    topics.triaged(
        "FOUND-1", "My router hums", "Since Monday router B-2002 hums.", "technical_fault", null);
    topics.flush();
    browser.await(".row[data-id='FOUND-1']");
    browser.click(".option[data-filter='field.category'][data-value=billing]");
    browser.until(() -> browser.all(".row[data-id='FOUND-1']").isEmpty());
    int billing = browser.all(".row").size();
    assertThat(billing).isPositive();
    assertThat(browser.texts(".row .labels")).allMatch(labels -> labels.contains("billing"));
    assertThat(browser.texts("#total").get(0)).startsWith(billing + " ");
    browser.screenshot("filtered");
    browser.click(".option[data-filter='field.category'][data-value=billing]");
    browser.await(".row[data-id='FOUND-1']");

    browser.press("/");
    browser.press("router B-2002 hums");
    browser.until(() -> browser.all(".row").size() == 1);
    assertThat(browser.all(".row[data-id='FOUND-1']")).hasSize(1);
  }

  @Test
  void a_document_shows_its_answer_and_the_quoted_words_in_its_text() {
    ticket("SHOWN-1");
    browser.await(".row:first-child[data-id='SHOWN-1']");
    browser.press("j");
    browser.press(Keys.ENTER);
    browser.await(".document .text mark");
    assertThat(browser.texts(".document mark")).contains("my line A-1001 is down");
    assertThat(browser.texts(".value[data-field=category]")).containsExactly("technical fault");
    assertThat(browser.texts(".document details[data-name=reasoning] p"))
        .containsExactly("The customer writes about technical_fault.");
    assertThat(browser.all(".document details[open]")).isEmpty();
    browser.screenshot("document");
  }

  @Test
  void two_clicks_correct_a_field_and_the_correction_is_a_record_of_the_feedback_topic() {
    ticket("CORRECTED-1");
    browser.click(".row[data-id='CORRECTED-1']");
    browser.click(".value[data-field=category]");
    browser.await(".choice[data-value=technical_fault]");
    browser.screenshot("correct");
    browser.click(".choice[data-value=contract]");

    browser.await(".value[data-field=category].corrected");
    assertThat(browser.texts(".value[data-field=category]")).containsExactly("contract");
    Feedback written = writtenOf("CORRECTED-1").get(0);
    assertThat(written.getField()).isEqualTo("category");
    assertThat(written.getOld()).isEqualTo("technical_fault");
    assertThat(written.getNew$()).isEqualTo("contract");
    assertThat(written.getBy()).isEqualTo("A. Tester");

    // One item of a list.
    browser.click(".value[data-field='references[0]']");
    browser.await("#choices textarea");
    browser.run("document.querySelector('#choices textarea').value = 'A-1002'");
    browser.click("#choices .act");
    browser.until(
        () -> browser.texts(".value[data-field='references[0]']").equals(List.of("A-1002")));
    assertThat(writtenOf("CORRECTED-1").get(1))
        .extracting(Feedback::getField, Feedback::getOld, Feedback::getNew$)
        .containsExactly("references[0]", "A-1001", "A-1002");
    // What is no label is shown to the letter.
    assertThat(browser.texts(".value[data-field='references[0]'] + .was"))
        .containsExactly("was A-1001");
    assertThat(browser.texts(".history li"))
        .anyMatch(said -> said.contains("A-1001 → A-1002"))
        .anyMatch(said -> said.contains("technical fault → contract"));
    browser.screenshot("corrected");
  }

  @Test
  void the_keyboard_alone_confirms_and_corrects() {
    ticket("KEYS-1");
    browser.await(".row:first-child[data-id='KEYS-1']");
    browser.press("j");
    browser.press(Keys.ENTER);
    browser.await(".document .text mark");
    browser.press("e");
    browser.await("#choices:not([hidden]) .choice");
    browser.press("2");
    // At once: the view does not show the correction yet, and it is not to be taken back.
    browser.press("c");
    browser.until(() -> writtenOf("KEYS-1").size() > 5);
    assertThat(writtenOf("KEYS-1"))
        .filteredOn(word -> word.getField().equals("category"))
        .last()
        .extracting(Feedback::getOld, Feedback::getNew$)
        .containsExactly("technical_fault", "other");
    browser.until(() -> browser.texts(".value[data-field=category]").equals(List.of("other")));
    browser.until(() -> browser.texts(".document .act").contains("Confirm the restc"));
    browser.escape();
    browser.until(() -> browser.all("#document[hidden]").size() == 1);
  }

  @Test
  void hostile_tickets_are_shown_and_do_nothing() {
    String line = "x".repeat(100_000);
    topics.triaged("EVIL-1", SCRIPT, SCRIPT + " help", "question", "help");
    topics.triaged("EVIL-2", TURNED, TURNED, "question", null);
    topics.triaged("EVIL-3", "A long line", line, "question", null);
    topics.triaged("<b>EVIL-4</b>", "An id of markup", "text", "question", null);
    topics.flush();
    browser.open(URI.create(desk.url() + "#status=open&q=evil-"));
    browser.run("location.reload()");
    browser.until(() -> browser.all(".row").size() == 4);

    for (String id : List.of("EVIL-1", "EVIL-2", "EVIL-3", "<b>EVIL-4</b>")) {
      browser.click(".row[data-id='" + id + "']");
      browser.until(
          () ->
              browser.texts(".doc-head code").contains(id)
                  && !browser.all(".body .text").isEmpty());
      if (id.equals("EVIL-2")) {
        // Both in the title and in the text, each turning character is a mark.
        assertThat(browser.all(".doc-head .control")).hasSize(4);
        assertThat(browser.texts(".document .text").get(1)).contains("␣gnp.exe␣");
        browser.screenshot("hostile-direction");
      }
      if (id.equals("EVIL-1")) {
        assertThat(browser.texts(".doc-head h2").get(0)).isEqualTo(SCRIPT);
        browser.screenshot("hostile-script");
      }
      if (id.equals("EVIL-3")) {
        assertThat(browser.run("return document.documentElement.scrollWidth <= innerWidth"))
            .isEqualTo(true);
        browser.screenshot("hostile-line");
      }
    }
    assertThat(browser.run("return document.title")).asString().doesNotContain("owned");
    assertThat(browser.all("#desk script, #desk style, #desk img, #desk b b")).isEmpty();
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void dead_letters_the_overview_and_other_windows_look_as_they_should() {
    topics.letter(topics.triage.letter("DEAD-1", DeadLetterReason.DEADLINE, 5, Instant.now()));
    topics.flush();
    browser.click(".figure[data-figure=failed]");
    browser.click(".row[data-id='DEAD-1']");
    browser.await(".document .letter");
    browser.screenshot("failed");
    browser.escape();
    browser.click(".figure[data-figure=open]");
    browser.run("document.activeElement.blur()");
    browser.press("o");
    browser.await("#overview[open] .panel");
    browser.screenshot("overview");
    browser.escape();
    browser.run("document.documentElement.dataset.theme = 'dark'");
    browser.click(".row:nth-child(3)");
    browser.await(".document .body .text");
    browser.screenshot("dark");
    browser.size(420, 860);
    browser.screenshot("phone-document");
    browser.escape();
    browser.run("document.documentElement.dataset.theme = 'light'");
    browser.until(() -> browser.all("#document[hidden]").size() == 1);
    browser.screenshot("phone");
    assertThat(browser.run("return document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
  }

  @Test
  void whoever_reads_on_gets_the_next_page_while_tickets_come_in() {
    for (int i = 0; i < 100; i++) {
      topics.triaged("PAGE-" + i, "One of many", "It is about payment", "payment", null);
    }
    topics.flush();
    // All at once, not one by one.
    openThePage();
    browser.until(() -> browser.all(".row").size() == 60);
    browser.run(
        """
        const ask = window.fetch;
        window.held = [];
        window.fetch = async (path, options) => {
          if (window.held && path.includes("/documents?")) {
            await new Promise((go) => window.held.push(go));
          }
          return ask(path, options);
        };
        """);

    topics.triaged("PAGE-LIVE", "One more", "It is about payment", "payment", null);
    topics.flush();
    browser.until(() -> browser.run("return window.held.length").equals(1L));
    browser.run("const all = document.getElementById('queue'); all.scrollTop = all.scrollHeight");
    browser.await("#queue[data-more=false]");
    browser.run("const held = window.held; window.held = null; held.forEach((go) => go())");

    browser.until(() -> browser.all(".row").size() > 60);
  }

  @Test
  void what_is_said_of_an_answer_that_has_been_replaced_is_not_taken_and_the_person_is_told() {
    topics.triaged("CHANGED-1", "A parcel", "Where is my parcel?", "billing", "my parcel");
    topics.flush();
    browser.open(URI.create("about:blank"));
    browser.open(URI.create(desk.url() + "#open=CHANGED-1"));
    browser.until(() -> browser.texts(".value[data-field=category]").equals(List.of("billing")));
    // The page does not get the next answer before somebody confirms the one that it shows.
    browser.run(
        """
        const ask = window.fetch;
        window.held = [];
        window.fetch = async (path, options) => {
          if (window.held && options?.method !== "POST") {
            await new Promise((go) => window.held.push(go));
          }
          return ask(path, options);
        };
        """);
    topics.triaged("CHANGED-1", "A parcel", "Where is my parcel?", "delivery", "my parcel");
    topics.flush();
    DeskIT.eventually(
        () ->
            assertThat(desk.api().get("/documents/CHANGED-1").at("/answer/category").asText())
                .isEqualTo("delivery"));
    browser.press("c");
    browser.until(() -> browser.texts("#toast").contains("The answer has changed; look again."));
    assertThat(browser.texts(".value[data-field=category]")).containsExactly("billing");

    browser.run("const held = window.held; window.held = null; held.forEach((go) => go())");
    browser.until(() -> browser.texts(".value[data-field=category]").equals(List.of("delivery")));
    assertThat(writtenOf("CHANGED-1")).isEmpty();
  }

  @Test
  void whoever_moves_on_no_longer_waits_for_the_text_of_the_document_before() {
    browser.run(
        """
        const ask = window.fetch;
        window.texts = [];
        window.fetch = (path, options) => {
          if (path.endsWith("/text")) window.texts.push(options.signal);
          return path.endsWith("/text") ? new Promise(() => {}) : ask(path, options);
        };
        """);

    browser.click(".row:nth-child(1)");
    browser.until(() -> browser.run("return window.texts.length").equals(1L));
    browser.click(".row:nth-child(2)");
    browser.until(() -> browser.run("return window.texts.length").equals(2L));

    assertThat(browser.run("return window.texts.map((one) => one.aborted)"))
        .isEqualTo(List.of(true, false));
  }

  /** Writes one of a fault, and waits until the list has it, with its text known. */
  private static void ticket(String id) {
    topics.triaged(
        id,
        "My line is down",
        "Since Monday my line A-1001 is down, please help.",
        "technical_fault",
        "my line A-1001 is down");
    topics.flush();
    browser.until(
        () ->
            browser
                .texts(".row[data-id='" + id + "'] .row-title")
                .equals(List.of("My line is down")));
  }

  private static List<Feedback> writtenOf(String id) {
    return topics.writtenFeedback().stream()
        .filter(word -> word.getDocumentId().equals(id))
        .toList();
  }

  /** The tickets of the demo, with answers that somebody made up; tells how many have one. */
  private static int writeTickets(int count) throws IOException {
    String file = "/demo/tickets.jsonl";
    ObjectMapper json = new ObjectMapper();
    List<JsonNode> tickets = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(DeskPageIT.class.getResourceAsStream(file), file),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine();
          line != null && tickets.size() < count;
          line = lines.readLine()) {
        tickets.add(json.readTree(line));
      }
    }
    int answered = 0;
    for (int i = 0; i < tickets.size(); i++) {
      JsonNode ticket = tickets.get(i);
      String id = "T-%04d".formatted(i + 1);
      String body = ticket.get("body").asText();
      topics.document(id, ticket.path("title").asText(null), body);
      if (i % 9 == 8) {
        continue;
      }
      answered++;
      String first = body.strip().split("(?<=[.!?])\\s")[0];
      String quote = first.length() > 150 ? null : first;
      topics.result(
          id,
          topics.triage.result(
              id,
              CATEGORIES.get(i % CATEGORIES.size()),
              0.42 + 0.57 * ((i * 37) % 100) / 100.0,
              quote,
              List.of(),
              Instant.now(),
              0));
    }
    topics.flush();
    return answered;
  }
}
