package io.kaiseki.pipelines.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The command reference, from the model that the command line itself is parsed by. */
public final class CommandPage {

  private CommandPage() {}

  /** The sections of all commands, as Markdown. */
  public static String sections() {
    StringBuilder page = new StringBuilder();
    append(page, Kaiseki.commandLine(StopSignal.none()), 2);
    return page.toString();
  }

  private static void append(StringBuilder page, CommandLine command, int level) {
    CommandSpec spec = command.getCommandSpec();
    page.append("#".repeat(Math.min(level, 4)))
        .append(' ')
        .append(spec.qualifiedName())
        .append("\n\n")
        .append(plain(spec.usageMessage().description()))
        .append("\n\n");
    List<String> rows = new ArrayList<>();
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      if (!parameter.hidden()) {
        rows.add(row(parameter.paramLabel(), parameter));
      }
    }
    spec.options().stream()
        .filter(option -> !option.hidden() && !isCommon(option))
        .sorted((a, b) -> a.longestName().compareTo(b.longestName()))
        .forEach(option -> rows.add(row(names(option), option)));
    if (!rows.isEmpty()) {
      page.append("| | |\n|---|---|\n");
      rows.forEach(page::append);
      page.append('\n');
    }
    String examples =
        Arrays.stream(spec.usageMessage().footer())
            .map(line -> String.format(Locale.ROOT, line).strip())
            .filter(line -> !line.isEmpty())
            .collect(Collectors.joining("\n"));
    if (!examples.isEmpty()) {
      page.append("```\n").append(examples).append("\n```\n\n");
    }
    for (Map.Entry<String, CommandLine> sub : command.getSubcommands().entrySet()) {
      if (!sub.getKey().equals("help")) {
        append(page, sub.getValue(), level + 1);
      }
    }
  }

  /** Those that every command has are told once, at the top. */
  private static boolean isCommon(OptionSpec option) {
    return option.longestName().equals("--help")
        || option.longestName().equals("--version")
        || option.longestName().equals("--verbose");
  }

  private static String names(OptionSpec option) {
    String names = String.join(", ", option.names());
    boolean takesValue = option.arity().max() > 0;
    return takesValue ? names + " " + option.paramLabel() : names;
  }

  private static String row(String name, ArgSpec argument) {
    String text = plain(argument.description());
    return "| `"
        + name.replace("|", "\\|")
        + "` | "
        + (argument.required() ? "Required. " : "")
        + text.replace("|", "\\|")
        + " |\n";
  }

  private static String plain(String[] lines) {
    return Arrays.stream(lines)
        .map(line -> line.replace("%n", " ").replace("%%", "%").strip())
        .collect(Collectors.joining(" "))
        .replace(System.getProperty("user.home"), "~");
  }
}
