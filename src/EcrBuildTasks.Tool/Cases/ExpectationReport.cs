using System.Text;

namespace EcrBuildTasks.Tool.Cases;

/// <summary>For each case with an unexpected answer: the expected answer, the actual answer and the reason.</summary>
internal sealed class ExpectationReport : CaseReport
{
    protected override Outcome Add(Line line, AuthorizationCase authorizationCase)
    {
        var expected =
            authorizationCase.Expected
            ?? throw new CaseFormatException("\"expected\" is missing; --expect requires it in each case.")
            {
                Id = authorizationCase.Id,
            };
        var request = authorizationCase.Request;
        var decision = authorizationCase.Decide();
        if (expected.IsMetBy(decision))
        {
            return Outcome.Right;
        }

        WriteLine($"{authorizationCase.Id}: expected {expected}, got {DecisionText.Describe(decision)}");
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
