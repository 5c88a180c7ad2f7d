package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where in a document quotes begin and end. */
class QuoteBoundariesTest {

  @ParameterizedTest
  @CsvSource({
    "too late, late, true",
    "too late, ate, false",
    "too late, lat, false",
    "注文番号12345は, 12345, true",
    "注文番号12345は, 注文番号, true",
    "注文番号12345は, 文番, true",
    "注文番号12345は, 345, false",
    "注文番号12345は, 号12, false",
    "新しいVersion2を, Version2, true",
    "新しいVersion2を, Version, false",
    "新しいVersion2を, しい, true",
    "สั่ง12ชิ้น, 12, true",
    "สั่ง12ชิ้น, สั่ง, true"
  })
  void a_word_of_a_script_without_spaces_ends_before_a_number_and_before_a_word_with_spaces(
      String document, String words, boolean quotable) {
    assertThat(quotes(document, words)).isEqualTo(quotable);
  }

  @ParameterizedTest
  @CsvSource({
    "サーバー1号, サーバー, true",
    "サーバー1号, 1, true",
    "サーバー1号, サ, false",
    "サーバー1号, ーバー, false",
    "か\u3099ー, か\u3099, false",
    "обʼєкт, об, false",
    "обʼєкт, єкт, false"
  })
  void a_letter_that_draws_out_the_one_before_it_stays_with_it(
      String document, String words, boolean quotable) {
    assertThat(quotes(document, words)).isEqualTo(quotable);
  }

  @ParameterizedTest
  @CsvSource({
    "cafe\u0301 noir, cafe\u0301, true",
    "cafe\u0301 noir, cafe, false",
    "กี่บาท, กี่, true",
    "กี่บาท, กี, false",
    "กี่บาท, ก, false",
    "กี่บาท, ี่, false",
    "\u2764\ufe0f ok, \u2764\ufe0f, true",
    "\u2764\ufe0f ok, \u2764, false",
    "\u2764\ufe0fok, ok, true",
    "1\ufe0f\u20e3 one, 1, false",
    "1\ufe0f\u20e3 one, 1\ufe0f\u20e3, true"
  })
  void a_mark_is_not_parted_from_what_it_stands_on(
      String document, String words, boolean quotable) {
    assertThat(quotes(document, words)).isEqualTo(quotable);
  }

  @ParameterizedTest
  @CsvSource({"'\u0301a b', \u0301a", "'b \u0301a', \u0301a", "\ufe0f, \ufe0f"})
  void a_mark_that_stands_on_nothing_begins_a_quote(String document, String words) {
    assertThat(quotes(document, words)).isTrue();
  }

  /** Whether a quote can be these words, where they stand first in the document. */
  private static boolean quotes(String document, String words) {
    QuoteSource source = new QuoteSource(document);
    int from = bytes(document.substring(0, document.indexOf(words)));
    boolean begins = IntStream.range(0, source.startCount()).anyMatch(i -> source.start(i) == from);
    return begins && source.end(from + bytes(words));
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
