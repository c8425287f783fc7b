using System.Text;

namespace EcrBuildTasks.Tool.Cases;

/// <summary>For each case that does not come out as expected: what was, what is and why.</summary>
internal sealed class ExpectationReport : CaseReport
{
    protected override Outcome Add(Line line, AuthorizationCase authorizationCase)
    {
        var expected =
            authorizationCase.Expected
            ?? throw new CaseFormatException("\"expected\" is missing: with --expect it holds the right answer.")
            {
                Id = authorizationCase.Id,
            };
        var request = authorizationCase.Request;
        var decision = authorizationCase.Decide();
        if (expected.IsMetBy(decision))
        {
            return Outcome.Right;
        }

        WriteLine($"{authorizationCase.Id}: expected {expected}, got {DecisionText.Of(decision)}");
        WriteLine($"    {request.Caller.Arn}: {request.Action} on {request.RepositoryArn}");
        if (DecisionText.Reason(decision) is { } reason)
        {
            WriteLine($"    {reason}");
        }

        return Outcome.Wrong;
    }

    protected override void AddMalformed(Line line, CaseFormatException exception) =>
        WriteLine(
            exception.Id is { } id
                ? $"{id}: line {line.Number}: {exception.Message}"
                : $"line {line.Number}: {exception.Message}"
        );

    private void WriteLine(string text) => Encoding.UTF8.GetBytes($"{text}\n", Output);
}
