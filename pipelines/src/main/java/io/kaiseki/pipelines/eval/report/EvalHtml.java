package io.kaiseki.pipelines.eval.report;

import io.kaiseki.pipelines.eval.metrics.ClosedScore;
import io.kaiseki.pipelines.eval.metrics.OpenScore;
import io.kaiseki.pipelines.eval.score.Comparison;
import io.kaiseki.pipelines.eval.score.Evaluation;
import io.kaiseki.pipelines.eval.score.Frontier;
import io.kaiseki.pipelines.eval.score.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javax.xml.stream.XMLStreamException;

/**
 * A report as one HTML file for people: plain words, pictures within, no script, and nothing that
 * is fetched from anywhere.
 */
public final class EvalHtml {

  private static final String STYLE = "/eval/report.css";

  private final EvalReport report;
  private final Evaluation run;
  private final Html html;

  private EvalHtml(EvalReport report) throws XMLStreamException {
    this.report = report;
    this.run = report.evaluation();
    this.html = new Html();
  }

  /** The page. */
  public static String of(EvalReport report) {
    try {
      return new EvalHtml(report).write();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a writer in memory has failed", e);
    }
  }

  private String write() throws XMLStreamException {
    html.begin("html", "lang", "en");
    head();
    html.begin("body");
    html.begin("main");
    summary();
    if (report.frontier().isPresent()) {
      frontier(report.frontier().get());
    }
    if (report.comparison().isPresent()) {
      comparison(report.comparison().get());
    }
    ClosedSection section = new ClosedSection(html);
    for (Map.Entry<String, ClosedScore> field : run.closed().entrySet()) {
      section.write(field.getKey(), field.getValue());
    }
    if (!run.open().isEmpty()) {
      open();
    }
    effort();
    html.end();
    html.end();
    html.end();
    return html.finish();
  }

  private void head() throws XMLStreamException {
    html.begin("head");
    html.empty("meta", "charset", "utf-8");
    html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.empty("meta", "name", "color-scheme", "content", "light dark");
    html.empty(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; style-src 'unsafe-inline'");
    html.text("title", run.pass().analysis().title() + ": evaluation");
    html.text("style", style());
    html.end();
  }

  private void summary() throws XMLStreamException {
    html.text("h1", run.pass().analysis().title());
    html.text(
        "p",
        format(
            "%d documents that people have labelled (%s%s) were analysed by %s with reasoning %s,"
                + " by the same operator that runs in production.",
            run.predictions().size(),
            run.labels().file(),
            run.predictions().size() < run.labels().rows()
                ? ", a sample of its " + run.labels().rows()
                : "",
            run.pass().engine().model(),
            run.pass().reasoning().describe()),
        "class",
        "lead");
    html.begin("ul", "class", "cards");
    for (Map.Entry<String, ClosedScore> field : run.inScope().entrySet()) {
      card(percent(field.getValue().accuracy().value()), field.getKey() + " right");
    }
    for (Map.Entry<String, OpenScore> field : run.open().entrySet()) {
      card(percent(field.getValue().exact().value()), field.getKey() + " exactly right");
    }
    card(format("%.0f", run.pass().documentsPerSecond() * 3600), "documents an hour");
    if (report.costPerDocument().isPresent()) {
      card(
          format("%.2f", 1000 * report.costPerDocument().getAsDouble()), "cost of 1,000 documents");
    }
    html.end();
    if (!run.failures().isEmpty()) {
      html.text("p", "Documents without an answer count as wrong:");
      html.begin("ul");
      for (String failure : Words.failures(run)) {
        html.text("li", failure);
      }
      html.end();
    }
  }

  private void card(String figure, String words) throws XMLStreamException {
    html.begin("li");
    html.text("strong", figure);
    html.text("span", words);
    html.end();
  }

  private void frontier(Frontier frontier) throws XMLStreamException {
    html.begin("section");
    html.text("h2", "How much thinking pays");
    html.text("p", Words.proposal(frontier), "class", "lead");
    html.begin("figure");
    new Plots(html.svg()).frontier(frontier);
    html.text(
        "figcaption",
        "Each dot is a reasoning policy, numbered as in the table: further left is cheaper, further"
            + " up is better. "
            + (frontier.hasTarget() ? "The dashed line is the target. " : "")
            + "Accuracy is that of "
            + String.join(", ", frontier.fields())
            + (frontier.fields().size() > 1 ? ", their mean." : "."));
    html.end();
    html.begin("div", "class", "wide");
    html.begin("table");
    html.begin("thead");
    html.row(
        true,
        List.of(
            "reasoning",
            "no.",
            "accuracy",
            "failed",
            "tokens for a document",
            "documents/s",
            "times always",
            "thought about",
            "right only with always",
            "right only with this",
            "p"));
    html.end();
    html.begin("tbody");
    for (int i = 0; i < frontier.points().size(); i++) {
      Frontier.Point point = frontier.points().get(i);
      html.row(
          false,
          List.of(
              point.policy().describe(),
              String.valueOf(i + 1),
              percent(point.accuracy()),
              String.valueOf(point.evaluation().failed()),
              format("%.1f", point.tokensPerDocument()),
              format("%.3f", point.evaluation().pass().documentsPerSecond()),
              Words.spread(point.speedup()),
              percent(point.evaluation().usage().thought()),
              String.valueOf(point.againstAlways().onlyFirst()),
              String.valueOf(point.againstAlways().onlySecond()),
              format("%.3g", point.againstAlways().p())));
    }
    html.end();
    html.end();
    html.end();
    html.text(
        "p",
        "p is that of McNemar's exact test: how often chance alone would part the documents that"
            + " only one of two policies has right at least this unevenly. Under 0.05, the"
            + " difference is hardly chance. Times always: documents/s over those of always; where"
            + " policies took turns over parts of the documents, the median of the parts, the"
            + " least and the greatest.");
    html.end();
  }

  private void comparison(Comparison comparison) throws XMLStreamException {
    html.begin("section");
    html.text("h2", "Against " + comparison.former());
    html.begin("ul");
    for (String sentence : comparison.sentences(run.labels().fields())) {
      html.text("li", sentence);
    }
    html.end();
    html.end();
  }

  private void open() throws XMLStreamException {
    html.begin("section");
    html.text("h2", "Texts, quotes and lists");
    html.text(
        "p",
        "Exactly right means that what was found is what people marked, nothing more and nothing"
            + " less. Overlap is the part of the words that both have (F1). Precision is the part of"
            + " what was found that is right, recall the part of what is there that was found.");
    html.begin("div", "class", "wide");
    html.begin("table");
    html.begin("thead");
    html.row(
        true,
        List.of(
            "field", "exactly right", "95% from", "to", "overlap", "precision", "recall", "F1"));
    html.end();
    html.begin("tbody");
    for (Map.Entry<String, OpenScore> field : run.open().entrySet()) {
      OpenScore score = field.getValue();
      html.row(
          false,
          List.of(
              field.getKey(),
              percent(score.exact().value()),
              percent(score.exact().lower()),
              percent(score.exact().upper()),
              format("%.3f", score.overlapF1()),
              format("%.3f", score.precision()),
              format("%.3f", score.recall()),
              format("%.3f", score.f1())));
    }
    html.end();
    html.end();
    html.end();
    html.end();
  }

  private void effort() throws XMLStreamException {
    Usage usage = run.usage();
    html.begin("section");
    html.text("h2", "Effort");
    html.text(
        "p",
        format(
            "A document takes %.1f tokens of reading, %.1f of thinking and %.1f of answering, %.1f of"
                + " which the schema left no choice about. The instructions, %.0f tokens, are read"
                + " once for all documents. The model thought about %s of the documents. %s",
            usage.document(),
            usage.reasoning(),
            usage.answer(),
            usage.forced(),
            usage.prefix(),
            percent(usage.thought()),
            Words.escalated(run).orElse("")));
    html.text(
        "p",
        format(
            "Analysis version %s; model file %s, SHA-256 %s; build %s, %d documents at a time.",
            run.pass().analysis().version(),
            run.pass().engine().model(),
            run.pass().engine().modelSha256(),
            run.pass().engine().build(),
            run.pass().engine().slots()),
        "class",
        "small");
    html.end();
  }

  private static String style() {
    try (InputStream in = EvalHtml.class.getResourceAsStream(STYLE)) {
      return new String(Objects.requireNonNull(in, STYLE).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String percent(double part) {
    return format("%.1f%%", 100 * part);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
