using System.Text;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Reporting.CiSystems;

/// <summary>https://www.jetbrains.com/help/teamcity/service-messages.html</summary>
internal sealed class TeamCity : CiSystem
{
    // What a problem's description may have at most.
    private const int LongestDescription = 4000;

    public override bool ReadsStandardError => false;

    public override string? Annotate(EcrDiagnostic diagnostic)
    {
        var text = $"{diagnostic.Code.Id}: {ShortText(diagnostic)}";
        var shortened = Escape(text.Length > LongestDescription ? text[..LongestDescription] : text);
        return IsError(diagnostic)
            ? $"##teamcity[buildProblem description='{shortened}' identity='{diagnostic.Code.Id}']"
            : $"##teamcity[message text='{shortened}' status='WARNING']";
    }

    public override IReadOnlyList<string> Output(PushResult result) =>
        [
            .. OutputsOf(result)
                .Select(output => $"##teamcity[setParameter name='{output.Name}' value='{Escape(output.Value)}']"),
        ];

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            _ = character switch
            {
                '|' or '\'' or '[' or ']' => escaped.Append('|').Append(character),
                '\n' => escaped.Append("|n"),
                '\r' => escaped.Append("|r"),
                > '\u007e' => escaped.Append($"|0x{(int)character:x4}"),
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }
}
