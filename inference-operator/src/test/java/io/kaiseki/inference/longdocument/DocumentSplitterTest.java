package io.kaiseki.inference.longdocument;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

class DocumentSplitterTest {

  /** As long as a token of a real model is on average, but exact. */
  private static final ToIntFunction<String> FOUR_BYTES =
      text -> (text.getBytes(StandardCharsets.UTF_8).length + 3) / 4;

  /** Words cost one, and whatever is no letter costs one for each; the density varies a lot. */
  private static final ToIntFunction<String> WORDS =
      text -> {
        int count = 0;
        boolean word = false;
        for (int i = 0; i < text.length(); i++) {
          boolean letter = text.charAt(i) < 128 && Character.isLetter(text.charAt(i));
          count += letter && word ? 0 : 1;
          word = letter;
        }
        return count;
      };

  private static final String[] PIECES = {
    "word ",
    "Sentence one. ",
    "Ende! ",
    "\n",
    "\n\n",
    "\r\n\r\n",
    "# Heading\n",
    "§ 7 Haftung\n",
    "3.2 Term and Termination\n",
    "日本語の文書です。",
    "👨‍👩‍👧‍👦",
    "👍🏽",
    "é",
    "e\u0301\u0323",
    "\t|\t",
    "a".repeat(300),
    "1234567890".repeat(20),
    "🤖".repeat(50),
    "\uD800",
    "\uDC00",
    "\u0000",
    "สวัสดีครับ",
    "مرحبا بالعالم. ",
    " ".repeat(80),
    "x;y;z;4711;\n"
  };

  @Test
  void of_a_document_that_is_cut_off_as_much_as_fits_is_left_wherever_its_headings_are() {
    String text = "Some words. ".repeat(90) + "\n# Heading\n" + "More words here. ".repeat(400);

    String first = new DocumentSplitter(FOUR_BYTES, 500).first(text);

    assertThat(FOUR_BYTES.applyAsInt(first)).isBetween(460, 500);
    assertThat(first).endsWith("More words here. ");
  }

  @Test
  void no_text_is_lost_every_part_fits_and_no_surrogate_pair_is_parted() {
    for (int seed = 0; seed < 3_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      String text = text(random, random.nextInt(1, 60));
      int limit = random.nextInt(8, 120);
      ToIntFunction<String> tokens = random.nextBoolean() ? FOUR_BYTES : WORDS;

      List<String> parts = new DocumentSplitter(tokens, limit).split(text, () -> false);

      String context = "seed " + seed;
      assertThat(String.join("", parts)).as(context).isEqualTo(text);
      int at = 0;
      for (String part : parts) {
        assertThat(part).as(context).isNotEmpty();
        assertThat(tokens.applyAsInt(part)).as(context).isLessThanOrEqualTo(limit);
        at += part.length();
        assertThat(partsPair(text, at)).as(context + " at " + at).isFalse();
      }
    }
  }

  @Test
  void equal_texts_are_cut_alike() {
    String text = text(new SplittableRandom(1), 400);

    assertThat(split(text, 50)).isEqualTo(split(text, 50)).hasSizeGreaterThan(5);
  }

  @Test
  void a_text_that_fits_is_one_part() {
    assertThat(split("Short.", 10)).containsExactly("Short.");
    assertThat(split("", 10)).isEmpty();
  }

  @Test
  void a_heading_is_a_better_place_than_a_paragraph() {
    String first = "Intro words here and more of them.\n\nA second paragraph ends here.\n";
    String second = "# Payment\n\nThe buyer pays within thirty days of the invoice, always.";

    assertThat(split(first + second, 20)).first().isEqualTo(first);
  }

  @Test
  void numbered_and_worded_headings_are_known() {
    for (String heading :
        List.of("2.1 Term and Termination\n", "§ 12 Haftung\n", "ARTICLE IV Liability\n")) {
      String before = "The parties agree on all of the things above.\nAnd so on it goes.\n";
      String text = before + heading + "Text follows under it, and it is long enough to be cut.";

      assertThat(split(text, 22)).as(heading).first().isEqualTo(before);
    }
  }

  @Test
  void a_paragraph_is_a_better_place_than_a_sentence_and_a_sentence_than_a_word() {
    String paragraphs =
        "One sentence. Another one here.\n\nSecond paragraph begins. It goes on and on.";
    assertThat(split(paragraphs, 12)).first().isEqualTo("One sentence. Another one here.\n\n");

    String sentences = "This is the first sentence. This is the second one, which is longer.";
    assertThat(split(sentences, 11)).first().isEqualTo("This is the first sentence. ");

    String words = "these words have no full stop anywhere and go on and on";
    assertThat(split(words, 5)).allSatisfy(part -> assertThat(words).contains(part.strip()));
    assertThat(split(words, 5)).allMatch(part -> part.endsWith(" ") || words.endsWith(part));
  }

  @Test
  void rows_of_a_table_stay_whole() {
    String rows = "4711;screw;2,50;EUR\n4712;nut;1,20;EUR\n4713;washer;0,10;EUR\n".repeat(6);

    assertThat(split(rows, 25)).allMatch(part -> part.endsWith("\n"));
  }

  @Test
  void what_a_reader_takes_for_a_character_stays_whole_where_it_can() {
    String family = "👨‍👩‍👧‍👦";

    assertThat(split(family.repeat(20), 16))
        .allSatisfy(part -> assertThat(part.replace(family, "")).isEmpty());
  }

  @Test
  void one_character_that_alone_is_longer_than_a_part_is_cut_between_code_points() {
    String zalgo = "e" + "\u0301".repeat(200);

    List<String> parts = split(zalgo, 10);

    assertThat(String.join("", parts)).isEqualTo(zalgo);
    assertThat(parts).allSatisfy(part -> assertThat(FOUR_BYTES.applyAsInt(part)).isLessThan(11));
  }

  @Test
  void it_stops_when_it_is_told_to() {
    int[] asked = {0};

    List<String> parts =
        new DocumentSplitter(FOUR_BYTES, 10).split("word ".repeat(1_000), () -> asked[0]++ == 3);

    assertThat(parts).hasSize(3);
  }

  @Test
  void few_counts_are_needed_for_each_part() {
    int[] counts = {0};
    ToIntFunction<String> counted =
        text -> {
          counts[0]++;
          return FOUR_BYTES.applyAsInt(text);
        };

    List<String> parts =
        new DocumentSplitter(counted, 200).split("Some plain words. ".repeat(2_000), () -> false);

    assertThat(counts[0]).isLessThan(4 * parts.size() + 8);
  }

  @Test
  void a_book_that_is_one_line_is_cut_in_seconds() {
    String text = "Some plain words. ".repeat(400_000);
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();

    List<String> parts =
        new DocumentSplitter(FOUR_BYTES, 100).split(text, () -> System.nanoTime() > end);

    assertThat(parts.stream().mapToInt(String::length).sum()).isEqualTo(text.length());
  }

  @Test
  void a_line_that_begins_before_all_good_places_is_blank_only_if_all_of_it_is() {
    String words = "bbbb bbb. Dd eeeee ff gg hh";

    assertThat(TextBoundaries.best("a".repeat(20) + "\n" + words, 0, 40, 0.5)).isEqualTo(31);
    assertThat(TextBoundaries.best("a".repeat(17) + "\n   \n" + words, 0, 40, 0.5)).isEqualTo(22);
  }

  private static List<String> split(String text, int limit) {
    return new DocumentSplitter(FOUR_BYTES, limit).split(text, () -> false);
  }

  private static String text(SplittableRandom random, int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  private static boolean partsPair(String text, int at) {
    return at > 0
        && at < text.length()
        && Character.isHighSurrogate(text.charAt(at - 1))
        && Character.isLowSurrogate(text.charAt(at));
  }
}
