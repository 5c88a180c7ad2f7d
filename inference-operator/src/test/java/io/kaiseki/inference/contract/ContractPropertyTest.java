package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kaiseki.inference.FieldConfidence;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Random;
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
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final String[] DOCUMENTS = {
    "",
    "Hello, my order 4711 has not arrived.\nPlease \"help\" me!",
    "日本語の文書です。返金してください。",
    "C:\\temp\\x \t tabs, \u0000 nul, \ud800 half a character, é è ü",
    "a b c d e f g h",
  };

  private final VocabularyIndex index = new VocabularyIndex(new SyntheticVocabulary(7));

  @Test
  void every_answer_decodes_with_the_schema_and_respects_every_bound() throws IOException {
    for (int seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      Schema schema = new RandomSchemas(random).record(0);
      Contract contract = Contract.of(schema);
      String document = DOCUMENTS[random.nextInt(DOCUMENTS.length)];
      AnswerDecoder decoder = answer(contract, document, random);
      String json = new String(decoder.answer(), StandardCharsets.UTF_8);
      String context = "seed " + seed + "\nschema " + schema + "\nanswer " + json;

      check(JSON.readTree(json), contract.type(), document, context);
      GenericRecord record = contract.read(decoder.answer());
      assertThat(GenericData.get().validate(schema, record)).as(context).isTrue();
      assertThat(roundTrip(record)).as(context).isEqualTo(record);
      for (FieldConfidence confidence : decoder.confidences()) {
        double sum = confidence.distribution().values().stream().mapToDouble(p -> p).sum();
        assertThat(sum).as(context).isBetween(0.999, 1.001);
        assertThat(confidence.probability())
            .as(context)
            .isEqualTo(confidence.distribution().get(confidence.label()))
            .isGreaterThanOrEqualTo(0.999 / confidence.distribution().size());
      }
      assertThat(decoder.tokens())
          .as(context)
          .isLessThanOrEqualTo(new Constraint(contract, index).maxTokens());
    }
  }

  private AnswerDecoder answer(Contract contract, String document, Random random) {
    AnswerDecoder decoder = new AnswerDecoder(new Constraint(contract, index));
    decoder.start(new QuoteSource(document));
    StringBuilder read = new StringBuilder();
    while (decoder.need() != AnswerDecoder.Need.NOTHING) {
      for (int i = 0; i < decoder.pendingCount(); i++) {
        read.append(new String(index.bytes(decoder.pendingToken(i)), StandardCharsets.ISO_8859_1));
      }
      decoder.clearPending();
      if (decoder.need() == AnswerDecoder.Need.PROBES) {
        for (int i = 0; i < decoder.probeCount(); i++) {
          decoder.probed(i, logits(random));
        }
        decoder.probesDone();
      } else {
        decoder.choose(logits(random));
      }
    }
    for (int i = 0; i < decoder.pendingCount(); i++) {
      read.append(new String(index.bytes(decoder.pendingToken(i)), StandardCharsets.ISO_8859_1));
    }
    assertThat(read.toString())
        .as("the tokens that the model reads are the bytes of the answer")
        .isEqualTo(new String(decoder.answer(), StandardCharsets.ISO_8859_1));
    return decoder;
  }

  private Logits logits(Random random) {
    float[] values = new float[index.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() * 4;
    }
    return new Logits(FloatBuffer.wrap(values));
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
      assertThat(length).as(context).isLessThanOrEqualTo(quote.maxLength());
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
