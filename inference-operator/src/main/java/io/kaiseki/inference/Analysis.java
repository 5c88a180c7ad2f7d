package io.kaiseki.inference;

import io.kaiseki.inference.contract.Contract;
import java.io.Serializable;
import java.util.Objects;

/**
 * What is asked of every document: instructions, the contract of the answer, and how much thinking
 * is allowed.
 *
 * @param name stable name, such as {@code ticket-triage}
 * @param version identifies this exact definition; a hash over all that changes answers
 * @param instructions what the model is told before the document
 * @param contract the compiled schema of the answer
 * @param reasoning the reasoning policy
 * @param longDocuments what becomes of documents that do not fit into the context
 * @param masking what the model shall not see
 */
public record Analysis(
    String name,
    String version,
    String instructions,
    Contract contract,
    ReasoningPolicy reasoning,
    LongDocuments longDocuments,
    MaskingPolicy masking)
    implements Serializable {

  public Analysis {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(instructions, "instructions");
    Objects.requireNonNull(contract, "contract");
    Objects.requireNonNull(reasoning, "reasoning");
    Objects.requireNonNull(longDocuments, "longDocuments");
    Objects.requireNonNull(masking, "masking");
    if (reasoning instanceof ReasoningPolicy.WhenUnsure && !contract.confident()) {
      throw new IllegalArgumentException(
          name
              + ": "
              + reasoning.describe()
              + " needs the confidences that its contract is without");
    }
  }

  /**
   * An analysis that answers without thinking, refuses long documents and masks nothing. Its
   * version is the {@linkplain AnalysisVersion hash} of what is asked.
   */
  public static Analysis of(String name, String instructions, Contract contract) {
    return of(
        name,
        instructions,
        contract,
        ReasoningPolicy.OFF,
        LongDocuments.REFUSE,
        MaskingPolicy.NONE);
  }

  /** An analysis whose version is the {@linkplain AnalysisVersion hash} of what is asked. */
  public static Analysis of(
      String name,
      String instructions,
      Contract contract,
      ReasoningPolicy reasoning,
      LongDocuments longDocuments,
      MaskingPolicy masking) {
    return new Analysis(
        name,
        AnalysisVersion.of(instructions, contract, reasoning, longDocuments, masking),
        instructions,
        contract,
        reasoning,
        longDocuments,
        masking);
  }

  /** An analysis that refuses long documents and masks nothing. */
  public Analysis(
      String name,
      String version,
      String instructions,
      Contract contract,
      ReasoningPolicy reasoning) {
    this(
        name, version, instructions, contract, reasoning, LongDocuments.REFUSE, MaskingPolicy.NONE);
  }
}
