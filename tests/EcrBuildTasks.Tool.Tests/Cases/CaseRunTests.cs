using System.Text;
using System.Text.Json.Nodes;
using EcrBuildTasks.Tool.Cases;

namespace EcrBuildTasks.Tool.Tests.Cases;

public sealed class CaseRunTests
{
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\n \t\r\n\n")]
    public void Lines_end_as_they_like_and_blank_ones_are_nothing(string end) =>
        Ids($"{Case("a")}{end}{Case("b")}{end}").ShouldBe(["a", "b"]);

    [Fact]
    public void A_byte_order_mark_and_a_last_line_without_end_are_taken_as_meant() =>
        Ids($"\uFEFF{Case("a")}\n{Case("b")}").ShouldBe(["a", "b"]);

    [Fact]
    public void No_lines_get_no_answers() => SampleCases.Answer([]).ShouldBe((default, ""));

    [Fact]
    public void Answers_come_in_the_order_of_the_cases_however_many_and_long_they_are()
    {
        var cases = Enumerable
            .Range(0, 3000)
            .Select(i => Case($"{i}").Replace("AIDACI", new string('x', i == 700 ? 5_000_000 : i)));

        Ids(string.Join('\n', cases)).ShouldBe(Enumerable.Range(0, 3000).Select(i => $"{i}"));
    }

    [Fact]
    public void A_case_is_answered_before_the_next_one_is_there()
    {
        using var input = new OneLineAtATime([Case("a"), Case("b")]);
        using var output = new MemoryStream();
        input.BeforeRead = line => Encoding.UTF8.GetString(output.ToArray()).Count(c => c == '\n').ShouldBe(line);

        CaseRun.Run(input, output, () => new AnswerReport()).Right.ShouldBe(2);
    }

    private static string Case(string id) => SampleCases.Denied.Replace("\"id\":\"a\"", $"\"id\":\"{id}\"");

    private static string[] Ids(string input) =>
        [
            .. SampleCases
                .Answer(Encoding.UTF8.GetBytes(input))
                .Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => (string)JsonNode.Parse(line)!["id"]!),
        ];

    /// <summary>A pipe whose writer waits for the answer before it asks again.</summary>
    private sealed class OneLineAtATime(string[] lines) : MemoryStream
    {
        private int next;

        public Action<int> BeforeRead { get; set; } = _ => { };

        public override int Read(byte[] buffer, int offset, int count)
        {
            BeforeRead(next);
            return next == lines.Length
                ? 0
                : Encoding.UTF8.GetBytes($"{lines[next++]}\n", buffer.AsSpan(offset, count));
        }
    }
}
