package io.kaiseki.pipelines.eval.report;

import io.kaiseki.pipelines.eval.metrics.ClosedScore;
import io.kaiseki.pipelines.eval.metrics.Confusions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import javax.xml.stream.XMLStreamException;

/** The part of the page about one closed field. */
final class ClosedSection {

  private static final int LARGEST_MATRIX = 20;
  private static final int PAIRS = 20;
  private static final int SHADES = 5;

  private final Html html;
  private final Plots plots;

  ClosedSection(Html html) {
    this.html = html;
    this.plots = new Plots(html.svg());
  }

  void write(String name, ClosedScore score) throws XMLStreamException {
    html.begin("section");
    html.text("h2", name);
    if (score.accuracy().total() == 0) {
      html.text("p", "No document has a label of this field." + outOfScope(score), "class", "lead");
      html.end();
      return;
    }
    html.text("p", summary(score), "class", "lead");
    if (score.trust().isPresent()) {
      trust(name, score.trust().get());
    } else {
      html.text(
          "p",
          score.coverage().count() == 0
              ? "No document was answered, so there are no confidences."
              : "The server gave no confidences, so how far they could be trusted is not known.");
    }
    if (score.confusions().labels().size() <= LARGEST_MATRIX) {
      matrix(score.confusions());
    }
    pairs(score.confusions());
    html.end();
  }

  private void trust(String name, ClosedScore.Trust trust) throws XMLStreamException {
    html.begin("div", "class", "pair");
    html.begin("figure");
    plots.reliability(name, trust);
    html.text("figcaption", reliability(trust));
    html.end();
    html.begin("figure");
    plots.riskCoverage(name, trust.riskCoverage());
    html.text(
        "figcaption",
        format(
            "How many answers are wrong if only the surest ones are used, and people read the rest."
                + " The area under the curve (AURC) is %.3f; less is better.",
            trust.riskCoverage().aurc()));
    html.end();
    html.end();
  }

  private static String summary(ClosedScore score) {
    StringBuilder words =
        new StringBuilder(
            format(
                "Right in %d of %d documents, %.1f%% (with 95%% confidence %.1f to %.1f%%). Every"
                    + " label counting the same (macro-F1): %.3f.",
                score.accuracy().count(),
                score.accuracy().total(),
                100 * score.accuracy().value(),
                100 * score.accuracy().lower(),
                100 * score.accuracy().upper(),
                score.confusions().macroF1()));
    if (score.coverage().count() < score.coverage().total()) {
      words.append(
          format(
              " %d documents have no label: the model was too unsure, or they failed. Of the others"
                  + " %.1f%% are right.",
              score.coverage().total() - score.coverage().count(),
              100 * score.accuracyOfKept().value()));
    }
    score
        .trust()
        .map(ClosedScore.Trust::rightFromWrong)
        .orElseGet(OptionalDouble::empty)
        .ifPresent(
            auroc ->
                words.append(
                    format(
                        " Of a right and a wrong answer, the model is surer of the right one in"
                            + " %.1f%% of cases.",
                        100 * auroc)));
    return words.append(outOfScope(score)).toString();
  }

  private static String outOfScope(ClosedScore score) {
    StringBuilder words = new StringBuilder();
    score
        .outOfScope()
        .ifPresent(
            outside -> {
              words.append(
                  format(
                      " Of %d documents that no label fits, %.1f%% were left without one.",
                      outside.left().total(), 100 * outside.left().value()));
              outside
                  .auroc()
                  .ifPresent(
                      auroc ->
                          words.append(
                              format(
                                  " A document that a label fits has the greater confidence in"
                                      + " %.1f%% of cases.",
                                  100 * auroc)));
            });
    return words.toString();
  }

  private static String reliability(ClosedScore.Trust trust) {
    String before =
        format(
            "Bars: how often the model is right where it says how sure it is. On the dashed line it"
                + " is exactly as good as it says; the mean distance (ECE) is %.3f.",
            trust.reliability().ece());
    return trust.scaling().isEmpty()
        ? before
        : before
            + format(
                " Dots: the same if its probabilities were corrected by a temperature of %.2f,"
                    + " fitted on one half of the documents and shown on the other; ECE %.3f."
                    + " Beta calibration, fitted and shown alike, leaves an ECE of %.3f.",
                trust.scaling().get().temperature(),
                trust.eceScaled().orElse(0),
                trust.eceCalibrated().orElse(0));
  }

  /** True labels down, answers across. */
  private void matrix(Confusions confusions) throws XMLStreamException {
    List<String> labels = confusions.labels();
    html.begin("div", "class", "wide");
    html.begin("table", "class", "matrix");
    html.text("caption", "True labels in rows, answers in columns.");
    List<String> head = new ArrayList<>(List.of(""));
    head.addAll(labels);
    html.begin("thead");
    html.row(true, head);
    html.end();
    html.begin("tbody");
    for (String truth : labels) {
      html.begin("tr");
      html.text("th", truth, "class", "name");
      for (String answer : labels) {
        int count = confusions.count(truth, answer);
        html.text(
            "td",
            count == 0 ? "" : String.valueOf(count),
            "class",
            (truth.equals(answer) ? "good" : "bad") + shade(count, confusions.support(truth)));
      }
      html.end();
    }
    html.end();
    html.end();
    html.end();
  }

  private static int shade(int count, int of) {
    return count == 0 ? 0 : Math.max(1, (int) Math.ceil((double) SHADES * count / of));
  }

  private void pairs(Confusions confusions) throws XMLStreamException {
    List<Confusions.Pair> pairs = confusions.pairs(PAIRS);
    if (pairs.isEmpty()) {
      html.text("p", "No label was taken for another.");
      return;
    }
    html.begin("table");
    html.text("caption", "The most frequent mistakes.");
    html.begin("thead");
    html.row(true, List.of("true label", "answered", "documents"));
    html.end();
    html.begin("tbody");
    for (Confusions.Pair pair : pairs) {
      html.row(false, List.of(pair.truth(), pair.answer(), String.valueOf(pair.count())));
    }
    html.end();
    html.end();
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
