using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;

namespace EcrBuildTasks.Tool.Cases;

/// <summary>The answers, one JSON object a line.</summary>
internal sealed class AnswerReport : CaseReport
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    protected override Outcome Add(Line line, AuthorizationCase authorizationCase)
    {
        var (request, policies) = (authorizationCase.Request, authorizationCase.Policies);
        var decision = authorizationCase.Decide();
        using (var json = new Utf8JsonWriter(Output, Options))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, authorizationCase.Id);
            json.WriteString("verdict"u8, decision.Verdict.ToString());
            WriteDecidedBy(json, decision.DecidedBy);
            WriteMissing(json, decision.Missing);
            if (decision.Verdict is Verdict.ImplicitlyDenied or Verdict.ExplicitlyDenied or Verdict.Denied)
            {
                WriteFix(json, PolicyFixes.Smallest(request, policies, decision));
            }

            json.WriteEndObject();
        }

        Output.Write("\n"u8);
        return Outcome.Right;
    }

    protected override void AddMalformed(Line line, CaseFormatException exception)
    {
        using (var json = new Utf8JsonWriter(Output, Options))
        {
            json.WriteStartObject();
            if (exception.Id is { } id)
            {
                json.WriteString("id"u8, id);
            }
            else
            {
                json.WriteNumber("line"u8, line.Number);
            }

            json.WriteString("error"u8, exception.Message);
            json.WriteEndObject();
        }

        Output.Write("\n"u8);
    }

    private static void WriteDecidedBy(Utf8JsonWriter json, StatementReference? reference)
    {
        if (reference is null)
        {
            return;
        }

        var statement = CaseStatement.FromReference(reference);
        json.WriteStartObject("decidedBy"u8);
        json.WriteString("policy"u8, statement.Policy);
        if (statement.Name is { } name)
        {
            json.WriteString("name"u8, name);
        }

        json.WriteNumber("statement"u8, statement.Index);
        json.WriteEndObject();
    }

    private static void WriteMissing(Utf8JsonWriter json, IReadOnlyList<string> missing)
    {
        if (missing.Count == 0)
        {
            return;
        }

        json.WriteStartArray("missing"u8);
        foreach (var knowledge in missing)
        {
            json.WriteStringValue(knowledge);
        }

        json.WriteEndArray();
    }

    private static void WriteFix(Utf8JsonWriter json, IReadOnlyList<PolicyFix>? fixes)
    {
        if (fixes is null)
        {
            json.WriteNull("fix"u8);
            return;
        }

        json.WriteStartArray("fix"u8);
        foreach (var fix in fixes)
        {
            json.WriteStartObject();
            json.WriteString("policy"u8, CaseStatement.NameOf(fix.Policy));
            json.WritePropertyName("statement"u8);
            fix.Statement.Json.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
