using System.Text.RegularExpressions;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.EndToEnd.Setting;

/// <summary>What a build printed.</summary>
internal sealed partial class Build(CliResult result)
{
    public bool Succeeded => result.ExitCode == 0;

    public string Output => result.Output;

    /// <summary>The codes of the errors, each once.</summary>
    public IEnumerable<string> ErrorCodes => Codes("error");

    /// <summary>The codes of the warnings, each once.</summary>
    public IEnumerable<string> WarningCodes => Codes("warning");

    /// <summary>The line of an error or warning: the file, its kind, the code, the text.</summary>
    public string LineOf(string code) =>
        Lines.FirstOrDefault(line => line.Contains($" {code}: ", StringComparison.Ordinal))
        ?? throw new ShouldAssertException($"There is no {code} in:\n{result}");

    /// <summary>The digest that the build says it has pushed.</summary>
    public string PushedDigest => Pushed().Match(Output).Groups["digest"].Value;

    /// <summary>The reference of the image that the build says it has pushed, without digest.</summary>
    public string PushedUri => Pushed().Match(Output).Groups["uri"].Value;

    public Build ShouldSucceed()
    {
        Succeeded.ShouldBeTrue(ToString());
        return this;
    }

    /// <summary>Failed as a user should see a failure: by codes of ours alone, and nothing of our insides.</summary>
    public Build ShouldFailWith(params string[] codes)
    {
        Succeeded.ShouldBeFalse(ToString());
        ErrorCodes.ShouldBe(codes, ignoreOrder: true, ToString());
        Output.ShouldNotContain("MSB4018", customMessage: ToString());
        Lines.ShouldNotContain(line => line.StartsWith("   at ", StringComparison.Ordinal), ToString());
        return this;
    }

    public override string ToString() => result.ToString();

    private string[] Lines => Output.Split('\n');

    private IEnumerable<string> Codes(string severity) =>
        Lines
            .Select(line => Diagnostic().Match(line))
            .Where(match => match.Success && match.Groups["severity"].Value == severity)
            .Select(match => match.Groups["code"].Value)
            .Distinct(StringComparer.Ordinal);

    [GeneratedRegex(@"(^|: )(?<severity>error|warning) (?<code>[A-Z]+[0-9]+): ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Diagnostic();

    [GeneratedRegex(@"-> (?<uri>\S+)@(?<digest>sha256:[0-9a-f]{64})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pushed();
}
