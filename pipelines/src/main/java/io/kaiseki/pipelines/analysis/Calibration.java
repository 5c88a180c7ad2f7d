package io.kaiseki.pipelines.analysis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.kaiseki.inference.ReasoningPolicy;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How much thinking has proved best for an analysis, as {@code calibration.yaml} holds it. Where
 * that file stands in the folder, it decides the reasoning policy in place of {@code
 * analysis.yaml}; options of a command still win. The policy is part of the analysis's version,
 * whichever file it comes from.
 *
 * @param reasoning the policy
 * @param measured what it rests on, for people; nothing reads it back
 */
public record Calibration(ReasoningPolicy reasoning, Measured measured) {

  /** Name of the file in the folder of the analysis. */
  public static final String FILE = AnalysisFolder.CALIBRATION;

  /** The section that is for people. */
  static final String MEASURED = "measured";

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .build();

  /**
   * What a calibration rests on.
   *
   * @param labels name of the file of labels
   * @param documents how many of its documents were used
   * @param accuracy accuracy of the closed fields under the policy, 0 to 1
   * @param target the accuracy that was asked for
   * @param tokensPerDocument mean of the tokens that the model computed for a document
   * @param date the day of the measurement
   * @param model name of the model
   * @param modelSha256 SHA-256 of the model file
   * @param secondModel name of the model that answered where the first was unsure; empty without
   *     one
   * @param analysisVersion version of the analysis under the policy
   * @param fields how far the confidence of each closed field can be trusted, by the field's name
   */
  public record Measured(
      String labels,
      int documents,
      double accuracy,
      double target,
      double tokensPerDocument,
      LocalDate date,
      String model,
      String modelSha256,
      Optional<String> secondModel,
      String analysisVersion,
      Map<String, Trust> fields) {

    public Measured {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
  }

  /**
   * The confidence of a closed field against its accuracy. All but the accuracy is empty where the
   * answers had no confidences.
   *
   * @param accuracy 0 to 1
   * @param ece expected calibration error of the confidences, 0 to 1
   * @param temperature what fits them best: over 1, the model is too sure of itself
   * @param eceScaled the error that is left under such a temperature, 0 to 1
   * @param eceCalibrated the error that is left under beta calibration, 0 to 1
   */
  public record Trust(
      double accuracy,
      OptionalDouble ece,
      OptionalDouble temperature,
      OptionalDouble eceScaled,
      OptionalDouble eceCalibrated) {}

  /** The content of the file. */
  public String toYaml() {
    ObjectNode root = YAML.createObjectNode();
    ObjectNode policy = root.putObject("reasoning");
    if (reasoning instanceof ReasoningPolicy.Always always) {
      policy.put("policy", AnalysisKeys.REASONING_ALWAYS);
      policy.put("budget", always.budget());
    } else if (reasoning instanceof ReasoningPolicy.WhenUnsure unsure) {
      policy.put("policy", AnalysisKeys.REASONING_WHEN_UNSURE);
      policy.put("threshold", unsure.threshold());
      policy.put("budget", unsure.budget());
    } else {
      policy.put("policy", AnalysisKeys.REASONING_OFF);
    }
    ObjectNode basis = root.putObject(MEASURED);
    basis.put("labels", measured.labels());
    basis.put("documents", measured.documents());
    basis.put("accuracy", rounded(measured.accuracy(), 4));
    basis.put("target", rounded(measured.target(), 4));
    basis.put("tokens-per-document", rounded(measured.tokensPerDocument(), 1));
    basis.put("date", measured.date().toString());
    basis.put("model", measured.model());
    basis.put("model-sha256", measured.modelSha256());
    measured.secondModel().ifPresent(second -> basis.put("second-model", second));
    basis.put("analysis-version", measured.analysisVersion());
    ObjectNode fields = basis.putObject("fields");
    measured.fields().forEach((name, trust) -> put(fields.putObject(name), trust));
    try {
      return """
          # Written by kaiseki eval --frontier --write. It decides how much the model thinks, in place of
          # the section reasoning of analysis.yaml. Measure again when the model, the instructions or
          # the schema change; delete this file, and analysis.yaml decides.

          """
          + YAML.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a writer in memory has failed", e);
    }
  }

  private static void put(ObjectNode field, Trust trust) {
    field.put("accuracy", rounded(trust.accuracy(), 4));
    trust.ece().ifPresent(value -> field.put("ece", rounded(value, 4)));
    trust.temperature().ifPresent(value -> field.put("temperature", rounded(value, 3)));
    trust.eceScaled().ifPresent(value -> field.put("ece-scaled", rounded(value, 4)));
    trust.eceCalibrated().ifPresent(value -> field.put("ece-calibrated", rounded(value, 4)));
  }

  private static double rounded(double value, int digits) {
    double scale = Math.pow(10, digits);
    return Math.round(value * scale) / scale;
  }
}
