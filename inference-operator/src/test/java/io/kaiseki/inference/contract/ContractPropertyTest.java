package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.inference.FieldConfidence;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

/** Whatever the schema and whatever the model says, the answer keeps the contract. */
class ContractPropertyTest {

  private static final int CASES = 2_000;
  private static final Pattern HALF_A_CHARACTER = Pattern.compile("[\\x{D800}-\\x{DFFF}]");
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final String[] DOCUMENTS = {
    "",
    " \n\t ",
    "Hello, my order 4711 has not arrived.\nPlease \"help\" me!",
    "日本語の文書です。返金してください。👍",
    "C:\\temp\\x \t tabs, \u0000 nul, \ud800 half a character, é è ü",
    "a b c d e f g h",
    "\udc00\"\\",
  };

  private final List<VocabularyIndex> vocabularies =
      List.of(
          new VocabularyIndex(SyntheticVocabulary.ofWords(7)),
          new VocabularyIndex(SyntheticVocabulary.ofStraddlers()),
          new VocabularyIndex(SyntheticVocabulary.ofBytes()));

  @Test
  void every_answer_decodes_with_the_schema_and_respects_every_bound() throws IOException {
    for (int seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      Schema schema = new RandomSchemas(random).answer();
      AnswerLayout layout = AnswerLayout.values()[seed % AnswerLayout.values().length];
      Contract contract = Contract.of(schema, layout);
      if (seed % 3 == 0 && !schema.toString().contains("minConfidence")) {
        contract = contract.withoutConfidences();
      }
      VocabularyIndex index = vocabularies.get(random.nextInt(vocabularies.size()));
      Constraint constraint = new Constraint(contract, index);
      String document = DOCUMENTS[random.nextInt(DOCUMENTS.length)];
      SyntheticModel[] models = SyntheticModel.values();
      SyntheticModel model = models[random.nextInt(models.length)];
      String context = "seed " + seed + ", model " + model + ", " + layout + "\nschema " + schema;
      AnswerDecoder decoder = answer(constraint, document, model, seed, context);
      String json = new String(decoder.answer(), StandardCharsets.UTF_8);
      context += "\nanswer " + json;

      JsonNode tree = named(JSON.readTree(json), contract.type(), layout);
      check(tree, contract.type(), document, context);
      GenericRecord record = contract.read(decoder.answer());
      assertThat(GenericData.get().validate(schema, record)).as(context).isTrue();
      assertThat(roundTrip(record)).as(context).isEqualTo(record);
      for (FieldConfidence confidence : decoder.confidences()) {
        check(confidence, tree, context);
      }
      assertThat(decoder.forcedTokens()).as(context).isBetween(0, decoder.tokens());
      assertThat(contract.confident() || decoder.confidences().isEmpty()).as(context).isTrue();
    }
  }

  /** The answer with its fields' names, whatever its layout. */
  private static JsonNode named(JsonNode node, AnswerType type, AnswerLayout layout) {
    if (type instanceof AnswerType.Composite composite) {
      assertThat(node.isArray()).isEqualTo(layout == AnswerLayout.ARRAY);
      ObjectNode object = JSON.createObjectNode();
      for (int i = 0; i < composite.fields().size(); i++) {
        AnswerType.Field field = composite.fields().get(i);
        JsonNode value = node.isArray() ? node.get(i) : node.get(field.name());
        object.set(field.name(), named(value, field.type(), layout));
      }
      assertThat(object.size()).isEqualTo(node.size());
      return object;
    }
    if (type instanceof AnswerType.Nullable nullable && !node.isNull()) {
      return named(node, nullable.type(), layout);
    }
    if (type instanceof AnswerType.Items items) {
      ArrayNode array = JSON.createArrayNode();
      node.forEach(item -> array.add(named(item, items.type(), layout)));
      return array;
    }
    return node;
  }

  private static AnswerDecoder answer(
      Constraint constraint, String document, SyntheticModel model, long seed, String context) {
    VocabularyIndex index = constraint.index();
    SplittableRandom random = new SplittableRandom(seed);
    float[] row = new float[index.size()];
    Logits logits = SyntheticModel.view(row);
    AnswerDecoder decoder = new AnswerDecoder(constraint);
    decoder.start(new QuoteSource(document));
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    while (decoder.need() != AnswerDecoder.Need.NOTHING) {
      if (decoder.need() == AnswerDecoder.Need.PROBES) {
        for (int i = 0; i < decoder.probeCount(); i++) {
          model.speak(row, index, random);
          decoder.probed(i, logits);
        }
        decoder.probesDone();
      } else {
        assertThat(decoder.pendingCount())
            .as("logits come only after something new to read; %s", context)
            .isPositive();
        read(decoder, index, read);
        model.speak(row, index, random);
        decoder.choose(logits);
      }
      assertThat(decoder.tokens()).as(context).isLessThanOrEqualTo(constraint.maxTokens());
    }
    read(decoder, index, read);
    assertThat(read.toByteArray())
        .as("the tokens that the model reads are the bytes of the answer; %s", context)
        .isEqualTo(decoder.answer());
    return decoder;
  }

  private static void read(
      AnswerDecoder decoder, VocabularyIndex index, ByteArrayOutputStream read) {
    for (int i = 0; i < decoder.pendingCount(); i++) {
      read.writeBytes(index.bytes(decoder.pendingToken(i)));
    }
    decoder.clearPending();
  }

  private static void check(FieldConfidence confidence, JsonNode tree, String context) {
    double sum = confidence.distribution().values().stream().mapToDouble(p -> p).sum();
    assertThat(sum).as(context).isBetween(0.999, 1.001);
    assertThat(confidence.probability())
        .as(context)
        .isEqualTo(confidence.distribution().get(confidence.label()))
        .isGreaterThanOrEqualTo(0.999 / confidence.distribution().size());
    JsonNode value = tree;
    for (String step : confidence.field().replace("]", "").split("[.\\[]")) {
      value =
          Character.isDigit(step.charAt(0)) ? value.get(Integer.parseInt(step)) : value.get(step);
    }
    assertThat(value.asText())
        .as(confidence.field() + " of " + context)
        .isEqualTo(confidence.abstained() ? "null" : confidence.label());
    if (confidence.abstained()) {
      assertThat(value.isNull()).as(context).isTrue();
      assertThat(confidence.label()).as(context).isNotEqualTo("null");
    }
  }

  private static int longestQuote(String document) {
    return HALF_A_CHARACTER
        .splitAsStream(document.stripTrailing())
        .map(String::stripLeading)
        .mapToInt(part -> part.codePointCount(0, part.length()))
        .max()
        .orElse(0);
  }

  private static void check(JsonNode node, AnswerType type, String document, String context) {
    if (type instanceof AnswerType.Composite composite) {
      assertThat(node.size()).as(context).isEqualTo(composite.fields().size());
      for (AnswerType.Field field : composite.fields()) {
        check(node.get(field.name()), field.type(), document, context);
      }
    } else if (type instanceof AnswerType.Enumeration enumeration) {
      assertThat(enumeration.symbols()).as(context).contains(node.textValue());
    } else if (type instanceof AnswerType.Truth) {
      assertThat(node.isBoolean()).as(context).isTrue();
    } else if (type instanceof AnswerType.Text text) {
      int length = node.textValue().codePointCount(0, node.textValue().length());
      assertThat(length).as(context).isBetween(text.minLength(), text.maxLength());
      assertThat(node.textValue().codePoints().noneMatch(Character::isISOControl))
          .as(context)
          .isTrue();
    } else if (type instanceof AnswerType.Quote quote) {
      int length = node.textValue().codePointCount(0, node.textValue().length());
      int least = Math.min(quote.minLength(), longestQuote(document));
      assertThat(length).as(context).isBetween(least, quote.maxLength());
      assertThat(document).as(context).contains(node.textValue());
    } else if (type instanceof AnswerType.Number number) {
      BigDecimal value = node.decimalValue();
      assertThat(value).as(context).isBetween(number.minimum(), number.maximum());
      assertThat(Math.max(0, value.stripTrailingZeros().scale()))
          .as(context)
          .isLessThanOrEqualTo(number.fractionDigits());
    } else if (type instanceof AnswerType.Date) {
      assertThat(LocalDate.parse(node.textValue()).getYear()).as(context).isBetween(1, 9999);
    } else if (type instanceof AnswerType.Timestamp) {
      assertThat(Instant.parse(node.textValue())).as(context).isNotNull();
    } else if (type instanceof AnswerType.Items items) {
      assertThat(node.size()).as(context).isBetween(items.minItems(), items.maxItems());
      node.forEach(item -> check(item, items.type(), document, context));
    } else if (type instanceof AnswerType.Nullable nullable && !node.isNull()) {
      check(node, nullable.type(), document, context);
    }
  }

  private static GenericRecord roundTrip(GenericRecord record) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return new GenericDatumReader<GenericRecord>(record.getSchema())
        .read(null, DecoderFactory.get().binaryDecoder(out.toByteArray(), null));
  }
}
