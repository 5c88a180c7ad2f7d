package io.kaiseki.pipelines.bench.report;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.inference.llamacpp.ModelRates;
import io.kaiseki.pipelines.bench.arm.Pass;
import io.kaiseki.pipelines.bench.arm.TokenTotals;
import io.kaiseki.schemas.digest.Sha256;
import java.nio.file.Path;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** A report as JSON. Rates are documents or tokens a second, times seconds. */
public final class BenchJson {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int HASH_CHARACTERS = 16;

  private BenchJson() {}

  /** The whole report. Answers are in it as hashes only. */
  public static ObjectNode of(BenchReport report) {
    ObjectNode json = JSON.createObjectNode();
    json.put("model", String.valueOf(Path.of(report.settings().modelFile()).getFileName()));
    json.put("library", report.settings().library());
    json.put("build", report.sizing().build());
    json.put("threads", report.settings().computeThreads());
    json.put("cores", Runtime.getRuntime().availableProcessors());
    json.put("workload", report.workload().name());
    json.put("documents", report.workload().documents().size());
    json.put("cold", report.cold());
    json.put("stopped", report.stopped());
    ObjectNode sizing = json.putObject("tokens");
    sizing.put("prefix", report.sizing().prefix());
    sizing.put("longestDocument", report.sizing().longestDocument());
    sizing.put("typicalDocument", report.sizing().typicalDocument());
    report.tokens().ifPresent(tokens -> totals(sizing.putObject("ofAllDocuments"), tokens));
    json.put("ceilingMeans", BenchReport.CEILING);
    ArrayNode rounds = json.putArray("machine");
    report.rates().forEach(rates -> rates(rounds.addObject(), rates));
    report.ratesFailure().ifPresent(reason -> json.put("machineFailure", reason));
    ArrayNode arms = json.putArray("arms");
    report.rows().forEach(row -> row(arms.addObject(), row));
    return json;
  }

  private static void totals(ObjectNode json, TokenTotals tokens) {
    json.put("documents", tokens.documents());
    json.put("read", tokens.read());
    json.put("reasoned", tokens.reasoned());
    json.put("sampled", tokens.sampled());
    json.put("forced", tokens.forced());
  }

  private static void rates(ObjectNode json, ModelRates rates) {
    json.put("prefill", rates.prefill());
    json.put("prefillBehindInstructions", rates.prefillBehind());
    ObjectNode decode = json.putObject("decode");
    rates.decode().forEach((width, rate) -> decode.put(String.valueOf(width), rate));
  }

  private static void row(ObjectNode json, BenchReport.Row row) {
    json.put("arm", row.arm().kind().word());
    json.put("slots", row.arm().slots());
    row.arm().failure().ifPresent(reason -> json.put("failure", reason));
    row.rate()
        .ifPresent(
            rate -> {
              json.put("docsPerSecond", rate.median());
              json.put("docsPerHour", rate.median() * 3600);
              json.put("least", rate.least());
              json.put("greatest", rate.greatest());
            });
    row.ceiling().ifPresent(ceiling -> json.put("ceiling", ceiling));
    row.share().ifPresent(share -> json.put("shareOfCeiling", share));
    row.toBestLlamaModel().ifPresent(ratio -> json.put("toBestLlamaModel", ratio));
    row.equality()
        .ifPresent(
            equality ->
                json.putObject("answers")
                    .put("compared", equality.documents())
                    .put("equal", equality.equal())
                    .put("closedFields", equality.closedFields())
                    .put("closedEqual", equality.closedEqual())
                    .put("breakTheContract", equality.broken()));
    row.arm().answerCharacters().ifPresent(mean -> json.put("answerCharacters", mean));
    ArrayNode passes = json.putArray("passes");
    for (Pass pass : row.arm().passes()) {
      ObjectNode one = passes.addObject().put("seconds", pass.seconds());
      pass.tokens().ifPresent(tokens -> totals(one.putObject("tokens"), tokens));
      pass.calls()
          .ifPresent(
              calls ->
                  one.putObject("modelCalls")
                      .put("calls", calls.calls())
                      .put("tokens", calls.tokens())
                      .put("draftedTokens", calls.drafted())
                      .put("acceptedTokens", calls.accepted()));
      ArrayNode hashes = one.putArray("answerHashes");
      pass.answers().forEach(answer -> hashes.add(hash(answer)));
    }
  }

  /** The start of the SHA-256 of the answer as JSON; null where it breaks the contract. */
  static @Nullable String hash(@Nullable GenericRecord answer) {
    return answer == null ? null : Sha256.hex(answer.toString()).substring(0, HASH_CHARACTERS);
  }
}
