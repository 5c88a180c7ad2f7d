package io.kaiseki.inference.llamacpp;

import static io.kaiseki.inference.llamacpp.AnswerAssertions.assertValid;
import static io.kaiseki.inference.llamacpp.Requests.failed;
import static io.kaiseki.inference.llamacpp.Requests.outcome;
import static io.kaiseki.inference.llamacpp.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.gguf.ModelFile;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Text that breaks parsers has one outcome each and harms nobody else. */
class HostileTextIT {

  private static final int SMALL_STACK = 256 * 1024;

  private static final Map<String, String> SHORT =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("empty", ""),
              Map.entry("white space", " \t\r\n\u00A0\u3000\u2028 "),
              Map.entry("high surrogate", "\uD83D"),
              Map.entry("low surrogate", "a\uDE00b"),
              Map.entry("surrogates the wrong way round", "\uDE00\uD83D"),
              Map.entry("NUL", "\u0000a\u0000\u0000b\u0000"),
              Map.entry("control characters", controls()),
              Map.entry("emoji", "👩🏽‍🚀👨‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿🇯🇵".repeat(8)),
              Map.entry("bidi marks", "\u202Eabc\u202C\u2066\u2069\u200F שלום abc مرحبا"),
              Map.entry("zero width", "a\u200B\u200C\u200D\uFEFFb\u2060"),
              Map.entry("combining marks", "Z" + "\u0335\u0301\u0316".repeat(100)),
              Map.entry("not characters", "\uFFFE\uFFFF" + Character.toString(0x10FFFF)),
              Map.entry("quotation marks and bars", "\"\\\"\\\\\"/\b\f".repeat(40)),
              Map.entry("line ends", "\r\n\n\r\u0085\u2029".repeat(60)),
              Map.entry("apostrophes", "'s't're've'm'll'd'".repeat(60))));

  private static final Map<String, String> LONG =
      Map.of(
          "one letter", "a".repeat(100_000),
          "one digit", "7".repeat(100_000),
          "one space", " ".repeat(100_000),
          "one line end", "\n".repeat(100_000),
          "one mark", "!".repeat(100_000),
          "one wide letter", "界".repeat(100_000),
          "one emoji", "🤖".repeat(50_000));

  @Test
  void every_text_has_one_outcome_and_a_valid_answer() throws Exception {
    Analysis analysis = TicketTriage.analysis(ReasoningPolicy.OFF);
    try (InferenceEngine engine = LlamaCppEngine.source(Requests.settings(4, 8_192)).acquire()) {
      Map<String, CompletableFuture<Outcome>> futures = new TreeMap<>();
      SHORT.forEach(
          (name, text) -> futures.put(name, engine.submit(request(analysis, name, text))));
      for (String name : SHORT.keySet()) {
        Outcome outcome = outcome(futures.get(name));
        assertThat(outcome).as(name).isInstanceOf(Outcome.Answered.class);
        assertValid(((Outcome.Answered) outcome).completion().answer(), SHORT.get(name));
      }
    }
  }

  @Test
  void documents_of_ten_megabytes_are_too_long_at_once() throws Exception {
    Analysis analysis = TicketTriage.analysis(ReasoningPolicy.OFF);
    try (InferenceEngine engine = LlamaCppEngine.source(Requests.settings(4, 8_192)).acquire()) {
      for (String piece : List.of("word ", "x", "界", "<think>", "\uD83D", "\u0000")) {
        String text = piece.repeat(10_000_000 / piece.length());
        assertThat(failed(engine.submit(request(analysis, "big", text))).reason())
            .isEqualTo(FailureReason.TOO_LONG);
      }
    }
  }

  @Test
  void long_runs_of_one_character_are_tokenized_whole_on_a_small_stack() throws Exception {
    try (NativeModel model =
        new NativeModel(LlamaLibrary.load("shipped"), ModelFile.open(TinyModel.file()))) {
      List<Throwable> failures = new ArrayList<>();
      Thread small =
          new Thread(
              null,
              () -> LONG.values().forEach(text -> assertWhole(model.vocabulary(), text)),
              "small-stack",
              SMALL_STACK);
      small.setUncaughtExceptionHandler((thread, e) -> failures.add(e));
      small.start();
      small.join();
      assertThat(failures).isEmpty();
      SHORT.values().forEach(text -> assertWhole(model.vocabulary(), text));
    }
  }

  @Test
  void a_long_run_of_one_letter_is_read_by_the_model() throws Exception {
    Analysis analysis = TicketTriage.analysis(ReasoningPolicy.OFF);
    try (InferenceEngine engine =
        LlamaCppEngine.source(Requests.settings(TinyModel.narrow(), 1, 30_000)).acquire()) {
      for (String name : LONG.keySet()) {
        // Those that are too long are tokenized all the same: only then is their length known.
        if (outcome(engine.submit(request(analysis, name, LONG.get(name))))
            instanceof Outcome.Failed failed) {
          assertThat(failed.reason()).isEqualTo(FailureReason.TOO_LONG);
          assertThat(failed.message()).as(name).contains(" tokens, but");
        }
      }
      assertThat(outcome(engine.submit(request(analysis, "run", "x".repeat(5_000)))))
          .isInstanceOf(Outcome.Answered.class);
    }
  }

  /** What has no UTF-8 form becomes a question mark; everything else is there. */
  private static void assertWhole(LlamaVocabulary vocabulary, String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int token : vocabulary.tokenize(text)) {
      bytes.writeBytes(vocabulary.bytes(token));
    }
    assertThat(bytes.toByteArray()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String controls() {
    StringBuilder text = new StringBuilder();
    for (char c = 1; c < 0x20; c++) {
      text.append(c).append('x');
    }
    return text.append('\u007F').append('\u009F').toString();
  }
}
