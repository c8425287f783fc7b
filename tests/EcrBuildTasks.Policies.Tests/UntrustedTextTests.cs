using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EcrBuildTasks.Policies.Tests;

public sealed class UntrustedTextTests
{
    /// <summary>Texts that a terminal, a CI system or a reader would take for something else.</summary>
    private static readonly string[] Texts =
    [
        "\u001b]0;title\u0007\u001b[2J",
        "\u009b31m",
        "\u202egnp.exe",
        "\u2066a\u2069",
        "\u200b\u200d\ufeff\u00ad",
        "\udb40\udc41tag",
        "\ud800",
        "a\nb\r\nc\u0085d\u2028e\u2029f",
        "::error::x",
        "  \t::set-output name=x::y",
        "\n::add-mask::x",
        "##[error]x",
        "a ##vso[task.prependpath]/tmp",
        "####vso[task.prependpath]/tmp",
        "##teamcity[setParameter name='x' value='y']",
    ];

    public static TheoryData<string> Payloads => new(Texts);

    [Theory]
    [MemberData(nameof(Payloads))]
    public void The_printed_form_is_one_line_that_nothing_takes_for_a_command(string payload) =>
        ShouldBeHarmless(UntrustedText.ToLine(payload), payload);

    [FsCheck.Xunit.Property]
    public void The_printed_form_of_any_text_is_harmless_and_final(string? text, int at)
    {
        var payload = Texts[Math.Abs(at % Texts.Length)];
        var mixed = (text ?? "").Insert(Math.Abs(at % ((text ?? "").Length + 1)), payload);

        var printed = UntrustedText.ToLine(mixed);

        ShouldBeHarmless(printed, mixed);
        UntrustedText.ToLine(printed).ShouldBe(printed);
        new UntrustedText(mixed).ToString().Length.ShouldBeLessThanOrEqualTo(UntrustedText.LongestPrinted);
    }

    [Theory]
    [InlineData("arn:aws:iam::111122223333:role/ci")]
    [InlineData("Größe: 5 € – 日本語 😀 #1 [x]")]
    [InlineData("")]
    public void Ordinary_text_is_printed_as_it_is(string text) => new UntrustedText(text).ToString().ShouldBe(text);

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Json_keeps_its_meaning(string payload)
    {
        if (payload == "\ud800")
        {
            return;
        }

        var json = $"{{\n  \"Sid\": {JsonSerializer.Serialize(payload, Relaxed)}\n}}";

        var printed = UntrustedText.ToJson(json);

        JsonDocument.Parse(printed).RootElement.GetProperty("Sid").GetString().ShouldBe(payload);
        foreach (var line in printed.Split('\n'))
        {
            ShouldBeHarmless(line, payload);
        }
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Json_is_printed_with_the_same_line_breaks_on_every_system(string lineBreak)
    {
        const string Json = """{"Sid":"a\r\nb","Action":["ecr:PutImage","ecr:*"]}""";
        var element = JsonElement.Parse(Json);

        var printed = UntrustedText.ToJson(JsonSerializer.Serialize(element, Indented).ReplaceLineEndings(lineBreak));

        printed.ShouldNotContain('\r');
        printed.Split('\n').Length.ShouldBe(7);
        JsonElement.DeepEquals(JsonElement.Parse(printed), element).ShouldBeTrue(printed);
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly UnicodeCategory[] Invisible =
    [
        UnicodeCategory.Control,
        UnicodeCategory.Format,
        UnicodeCategory.LineSeparator,
        UnicodeCategory.ParagraphSeparator,
    ];

    private static void ShouldBeHarmless(string line, string payload)
    {
        line.ShouldNotContain("##", customMessage: payload);
        line.TrimStart().ShouldNotStartWith("::", customMessage: payload);
        line.EnumerateRunes().Select(Rune.GetUnicodeCategory).Intersect(Invisible).ShouldBeEmpty(payload);
    }
}
