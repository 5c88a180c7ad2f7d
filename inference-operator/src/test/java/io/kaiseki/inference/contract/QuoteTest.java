package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuoteTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BEFORE = "{\"q\":\"";

  private static String quote(int maxLength) {
    return quote(1, maxLength);
  }

  private static String quote(int minLength, int maxLength) {
    return "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"q\",\"type\":\"string\","
        + "\"quote\":true,\"minLength\":%d,\"maxLength\":%d}]}".formatted(minLength, maxLength);
  }

  private static String read(ToyModel.Answer answer) throws IOException {
    return JSON.readTree(answer.json()).get("q").textValue();
  }

  @Test
  void a_quote_is_what_stands_in_the_document_even_if_the_model_would_say_otherwise()
      throws IOException {
    ToyModel model = new ToyModel(SyntheticVocabulary.of("order", "refund", " lost", " 4711"));
    model.after(BEFORE, Map.of("refund", 0.9, "order", 0.1));
    model.after(BEFORE + "order", Map.of(" lost", 0.9, " 4711", 0.1));
    model.after(BEFORE + "order 4711", Map.of("\"", 1.0));

    assertThat(read(model.answer(quote(50), "My order 4711 came late."))).isEqualTo("order 4711");
  }

  @Test
  void quotation_marks_backslashes_and_line_breaks_of_the_document_are_escaped()
      throws IOException {
    String document = "\"C:\\temp\"\n\tand\u0001 more";
    ToyModel model = new ToyModel(SyntheticVocabulary.of("\\\"C", ":\\\\te", "\\n\\t", "\\u0001"));
    model.after(BEFORE, Map.of("\\\"C", 1.0));

    // After its first token the model has no preference and goes on to the document's end.
    assertThat(read(model.answer(quote(200), document))).isEqualTo(document);
  }

  @Test
  void a_quote_does_not_end_between_a_backslash_and_what_it_escapes() throws IOException {
    ToyModel model = new ToyModel(SyntheticVocabulary.of("a\\"));
    model.after(BEFORE, Map.of("a\\", 1.0));
    model.after(BEFORE + "a\\", Map.of("\"", 1.0));

    assertThat(read(model.answer(quote(2), "a\" b"))).isEqualTo("a\"");
  }

  @Test
  void a_quote_ends_at_a_whole_character() throws IOException {
    ToyModel model = new ToyModel(SyntheticVocabulary.ofBytes());

    // Three tokens are one of these characters.
    assertThat(read(model.answer(quote(3), "返返返"))).isEqualTo("返");
    assertThat(read(model.answer(quote(1), "👍"))).isEqualTo("👍");
  }

  @Test
  void a_quote_begins_where_a_word_begins() throws IOException {
    ToyModel model = new ToyModel(SyntheticVocabulary.of("late", "ate"));
    model.after(BEFORE, Map.of("ate", 0.9, "late", 0.1));

    assertThat(read(model.answer(quote(4), "too late"))).isEqualTo("late");
  }

  @Test
  void a_quote_ends_where_a_word_ends() throws IOException {
    ToyModel model = new ToyModel(SyntheticVocabulary.of("no", "us ", "us", " demandons", "\""));
    model.after(BEFORE, Map.of("no", 1.0));
    model.after(BEFORE + "no", Map.of("\"", 0.9, "us ", 0.06, "us", 0.04));
    model.after(BEFORE + "nous ", Map.of("\"", 1.0));

    assertThat(read(model.answer(quote(50), "Bonjour, nous "))).isEqualTo("nous ");
    assertThat(read(model.answer(quote(50), "nous demandons")))
        .as("white space ends no word but the document's last")
        .isEqualTo("nous demandons");
  }

  @Test
  void a_word_at_one_place_may_be_the_beginning_of_another_elsewhere() throws IOException {
    ToyModel model = new ToyModel(SyntheticVocabulary.of("caf", "\""));
    model.after(BEFORE, Map.of("caf", 1.0));
    model.after(BEFORE + "caf", Map.of("\"", 1.0));

    // The characters that follow begin with the same byte, and only the second is no letter.
    assertThat(read(model.answer(quote(50), "cafÀ caf×"))).isEqualTo("caf");
    assertThat(read(model.answer(quote(50), "caf× cafÀ"))).isEqualTo("caf");

    ToyModel ending = new ToyModel(SyntheticVocabulary.of("caf\""));
    ending.after(BEFORE, Map.of("caf\"", 1.0));
    assertThat(read(ending.answer(quote(50), "cafÀ caf×"))).isEqualTo("caf");
  }

  @Test
  void a_letter_and_its_accent_are_not_parted() throws IOException {
    ToyModel model = new ToyModel(SyntheticVocabulary.of("cafe", "\""));
    model.after(BEFORE, Map.of("cafe", 1.0));
    model.after(BEFORE + "cafe", Map.of("\"", 1.0));
    model.after(BEFORE + "cafe\u0301", Map.of("\"", 1.0));

    assertThat(read(model.answer(quote(50), "cafe\u0301 noir"))).isEqualTo("cafe\u0301");
  }

  @Test
  void at_its_greatest_length_a_quote_ends_within_a_word() throws IOException {
    assertThat(read(new ToyModel(SyntheticVocabulary.ofBytes()).answer(quote(3), "parcel")))
        .isEqualTo("par");
  }

  @Test
  void a_quote_does_not_end_under_its_least_length() throws IOException {
    ToyModel model = new ToyModel(SyntheticVocabulary.of("my", " bill", " is", " wrong", "\""));
    model.after(BEFORE, Map.of("my", 1.0));
    model.after(BEFORE + "my", Map.of("\"", 0.9, " bill", 0.1));
    model.after(BEFORE + "my bill", Map.of("\"", 1.0));

    assertThat(read(model.answer(quote(1, 50), "Well, my bill is wrong"))).isEqualTo("my");
    assertThat(read(model.answer(quote(3, 50), "Well, my bill is wrong"))).isEqualTo("my bill");
    assertThat(read(model.answer(quote(7, 50), "Well, my bill is wrong"))).isEqualTo("my bill");
  }

  @Test
  void a_quote_begins_where_its_least_length_is_left() throws IOException {
    ToyModel model = new ToyModel(SyntheticVocabulary.of("bye", "late", " again", "\""));
    model.after(BEFORE, Map.of("bye", 0.9, "late", 0.1));
    model.after(BEFORE + "late", Map.of("\"", 1.0));
    model.after(BEFORE + "late again", Map.of("\"", 1.0));

    assertThat(read(model.answer(quote(5, 50), "late again bye"))).isEqualTo("late again");
    assertThat(read(model.answer(quote(3, 50), "late again bye"))).isEqualTo("bye");
  }

  @ParameterizedTest
  @ValueSource(strings = {" late. \n", "a\ud800late."})
  void where_a_document_has_too_few_characters_all_of_them_are_quoted(String document)
      throws IOException {
    ToyModel model = new ToyModel(SyntheticVocabulary.of("a", "late", ".", "\""));
    model.after(BEFORE, Map.of("a", 0.9, "late", 0.1));
    model.after(BEFORE + "late", Map.of("\"", 1.0));
    model.after(BEFORE + "late.", Map.of("\"", 1.0));

    assertThat(read(model.answer(quote(8, 50), document))).isEqualTo("late.");
  }

  @Test
  void a_quote_of_its_least_length_is_whole_though_each_character_is_several_tokens()
      throws IOException {
    ToyModel model = new ToyModel(SyntheticVocabulary.ofBytes());

    assertThat(read(model.answer(quote(3, 3), "返返返返"))).isEqualTo("返返返");
    assertThat(read(model.answer(quote(3, 3), "\u0001\u0001\u0001\u0001"))).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\t \u3000", "\ud800"})
  void a_document_without_words_has_only_the_empty_quote(String document) throws IOException {
    assertThat(read(new ToyModel(SyntheticVocabulary.ofBytes()).answer(quote(10), document)))
        .isEmpty();
  }

  @Test
  void half_a_character_ends_every_quote_before_it() throws IOException {
    ToyModel model = new ToyModel(SyntheticVocabulary.ofBytes());

    assertThat(read(model.answer(quote(50), "ab\udc00cd"))).isEqualTo("ab");
    assertThat(read(model.answer(quote(50), "ab \udc00cd"))).isEqualTo("ab ");
  }

  @Test
  void tokens_from_the_middle_of_a_character_to_the_middle_of_the_next_exceeded_the_bound() {
    VocabularyIndex index = new VocabularyIndex(SyntheticVocabulary.ofStraddlers());
    Constraint constraint =
        new Constraint(Contract.of(new Schema.Parser().parse(quote(40))), index);
    AnswerDecoder decoder = new AnswerDecoder(constraint);
    float[] row = new float[index.size()];
    SplittableRandom random = new SplittableRandom(5);

    decoder.start(new QuoteSource("日本語の文書。".repeat(40)));
    while (decoder.need() == AnswerDecoder.Need.LOGITS) {
      SyntheticModel.STAMMERING.speak(row, index, random);
      decoder.choose(SyntheticModel.view(row));
    }

    assertThat(decoder.tokens()).isLessThanOrEqualTo(constraint.maxTokens());
  }

  @Test
  void in_a_long_document_the_likeliest_continuation_is_found_among_all_places() {
    VocabularyIndex index = new VocabularyIndex(SyntheticVocabulary.ofWords(11));
    SplittableRandom random = new SplittableRandom(3);
    StringBuilder document = new StringBuilder();
    while (document.length() < 100_000) {
      document.append((char) ('a' + random.nextInt(26))).append(random.nextInt(3) == 0 ? " " : "");
    }
    QuoteSource source = new QuoteSource(document.toString());
    QuoteCursor cursor = new QuoteCursor(index);
    float[] row = new float[index.size()];
    cursor.start(new State.Quote(1, 60, 0, new int[0]), source);
    String written = "";
    while (!cursor.full()) {
      SyntheticModel.RANDOM.speak(row, index, random);
      int token = cursor.best(SyntheticModel.view(row), List.of());
      assertThat(token).isEqualTo(likeliest(document, written, row, index));
      written += new String(index.bytes(token), StandardCharsets.UTF_8);
      cursor.append(token, cursor.bestTextBytes());
    }
    assertThat(document.toString()).contains(written);
  }

  @Test
  void a_quote_that_is_drafted_is_the_same_in_fewer_rounds() throws IOException {
    ToyModel model = sentences();
    AnswerDecoder decoder = decoder(model);

    ToyModel.Answer plain = model.answer(decoder, new QuoteSource(SENTENCES));
    String expected = plain.json();
    ToyModel.Answer drafted = model.answer(decoder, SENTENCES);

    assertThat(read(drafted)).isEqualTo("A bill is wrong.");
    assertThat(drafted.json()).isEqualTo(expected);
    assertThat(drafted.decisions()).isEqualTo(plain.decisions());
    assertThat(plain.rounds()).isEqualTo(6);
    // What the quote begins with, what goes on from there, and what ends it.
    assertThat(drafted.rounds()).isEqualTo(2);
    assertThat(drafted.wrong()).as("no draft goes beyond a sentence").isZero();
  }

  @Test
  void a_wrong_draft_changes_nothing_and_the_next_quote_of_the_field_is_drafted_less_far()
      throws IOException {
    ToyModel model = sentences();
    model.after(BEFORE + "A bill", Map.of("\"", 1.0));
    AnswerDecoder decoder = decoder(model);
    List<Integer> wrong = new ArrayList<>();

    for (int i = 0; i < 8; i++) {
      ToyModel.Answer answer = model.answer(decoder, SENTENCES);

      assertThat(read(answer)).isEqualTo("A bill");
      wrong.add(answer.wrong());
    }

    assertThat(wrong).isSortedAccordingTo(Comparator.reverseOrder()).startsWith(3).endsWith(1);
  }

  @Test
  void nothing_is_drafted_while_a_quote_may_be_at_two_places() {
    ToyModel model = sentences();
    AnswerDecoder decoder = decoder(model);
    decoder.start(source(model, "A bill is wrong. A bill is lost."));
    decoder.clearPending();

    assertThat(decoder.draft(8, 0.75f)).as("it may begin with any word").isZero();
    write(decoder, model, "A");
    assertThat(decoder.draft(8, 0.75f)).isZero();
    write(decoder, model, " bill");
    write(decoder, model, " is");
    assertThat(decoder.draft(8, 0.75f)).isZero();
    write(decoder, model, " lost");
    assertThat(decoder.draft(8, 0.75f)).isEqualTo(1);
    assertThat(decoder.draftToken(0)).isEqualTo(SENTENCE_TOKENS.token("."));
  }

  @Test
  void drafts_stop_before_what_JSON_escapes_and_where_the_model_was_given_another_text() {
    ToyModel model = sentences();
    AnswerDecoder decoder = decoder(model);
    String document = "A bill\n is wrong";
    decoder.start(source(model, document));
    decoder.clearPending();
    write(decoder, model, "A");

    assertThat(decoder.draft(8, 0.75f)).as("up to the line's end").isEqualTo(1);

    decoder.start(
        new QuoteSource(
            "A bill is wrong",
            SENTENCE_TOKENS.tokenize("A bill| is wrong"),
            SENTENCE_TOKENS::bytes));
    decoder.clearPending();
    write(decoder, model, "A");

    assertThat(decoder.draft(8, 0.75f)).as("up to where something was put in").isEqualTo(1);
  }

  private static final String SENTENCES = "Dear team. A bill is wrong. Thanks";
  private static final SyntheticVocabulary SENTENCE_TOKENS =
      SyntheticVocabulary.of(" A", " bill", " is", " wrong", " lost", "\"", ".");

  /** A model that quotes the second sentence. */
  private static ToyModel sentences() {
    ToyModel model = new ToyModel(SENTENCE_TOKENS);
    String written = BEFORE;
    for (String token : List.of("A", " bill", " is", " wrong", ".", "\"")) {
      model.after(written, Map.of(token, 1.0));
      written += token;
    }
    return model;
  }

  private static AnswerDecoder decoder(ToyModel model) {
    Contract contract = Contract.of(new Schema.Parser().parse(quote(50)));
    return new AnswerDecoder(new Constraint(contract, model.index()));
  }

  private static QuoteSource source(ToyModel model, String document) {
    return new QuoteSource(document, SENTENCE_TOKENS.tokenize(document), SENTENCE_TOKENS::bytes);
  }

  /** Lets the decoder write a token. */
  private static void write(AnswerDecoder decoder, ToyModel model, String token) {
    float[] row = new float[model.index().size()];
    row[SENTENCE_TOKENS.token(token)] = 1;
    decoder.choose(SyntheticModel.view(row));
    decoder.clearPending();
  }

  /** The likeliest token that goes on with a quote, found by searching the document for each. */
  private static int likeliest(
      StringBuilder document, String written, float[] row, VocabularyIndex index) {
    int best = -1;
    for (int token = 0; token < row.length; token++) {
      byte[] bytes = index.bytes(token);
      boolean ascii = bytes.length > 0;
      for (byte b : bytes) {
        ascii &= b == ' ' || (b >= 'a' && b <= 'z');
      }
      if (ascii && (best < 0 || row[token] > row[best])) {
        String text = written + new String(bytes, StandardCharsets.UTF_8);
        boolean fits = text.length() <= 60 && text.charAt(0) != ' ';
        if (fits && (document.indexOf(text) == 0 || document.indexOf(" " + text) >= 0)) {
          best = token;
        }
      }
    }
    return best;
  }
}
