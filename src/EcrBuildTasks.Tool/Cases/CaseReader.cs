using System.Text.Json;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Tool.Cases;

/// <summary>Reads a case: strict about the content of fields, and ignores unknown fields.</summary>
internal static class CaseReader
{
    // With duplicate fields, one would be ignored silently.
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <exception cref="CaseFormatException">The line is not a valid case.</exception>
    public static AuthorizationCase Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return Read(new CaseField("", JsonElement.Parse(line, Options)));
        }
        catch (CaseFormatException exception)
        {
            throw new CaseFormatException(exception.Message, exception) { Id = CaseId.Find(line) };
        }
        catch (JsonException exception)
        {
            throw new CaseFormatException(Describe(exception), exception) { Id = CaseId.Find(line) };
        }
        catch (InvalidOperationException exception)
        {
            throw new CaseFormatException(
                "The line contains text or an escape sequence that is not valid Unicode.",
                exception
            )
            {
                Id = CaseId.Find(line),
            };
        }
    }

    private static AuthorizationCase Read(CaseField json) =>
        new()
        {
            Id = json["id"].Text(),
            Request = ReadRequest(json),
            Policies = ReadPolicies(json),
            HasUnknownContext =
                json["unknownContext"] is { IsAbsentOrNull: false } unknown && unknown.Texts().Count > 0,
            Expected = json["expected"] is { IsAbsentOrNull: false } expected ? ExpectedAnswer.Read(expected) : null,
        };

    private static AuthorizationRequest ReadRequest(CaseField json)
    {
        var (caller, repository) = (json["caller"], json["repository"]);
        return new AuthorizationRequest
        {
            Action = json["action"].TextWithContent(),
            Caller = new Caller(
                caller["arn"].TextWithContent(),
                caller["account"].TextWithContent(),
                caller["userId"].Text()
            ),
            RepositoryArn = repository["arn"].TextWithContent(),
            RepositoryAccount = repository["account"].TextWithContent(),
            Context = RequestContext.Complete(
                json["context"]
                    .Properties()
                    .Select(key =>
                        KeyValuePair.Create(key.Name, new CaseField($"context.{key.Name}", key.Value).Texts())
                    ),
                json["unknownContext"] is { IsAbsentOrNull: false } unknown ? unknown.Texts() : null
            ),
        };
    }

    private static PolicySet ReadPolicies(CaseField json)
    {
        var identity = json["identityPolicies"];
        var repository = json["repositoryPolicy"];
        return new PolicySet
        {
            // Absent is not null here, nor for identityPolicies: a misspelled name must not be read as "not set" or "unknown".
            RepositoryPolicy = repository.Json.ValueKind is JsonValueKind.Null ? null : repository.Policy(),
            RegistryPolicy = Policy(json["registryPolicy"]),
            PermissionsBoundary = Policy(json["permissionsBoundary"]),
            SessionPolicy = Policy(json["sessionPolicy"]),
            IdentityPolicies =
                identity.Json.ValueKind is JsonValueKind.Null ? null : [.. identity.Items().Select(ReadNamedPolicy)],
        };
    }

    private static NamedPolicy ReadNamedPolicy(CaseField json) => new(json["name"].Text(), json["policy"].Policy());

    private static PolicyDocument? Policy(CaseField json) => json.IsAbsentOrNull ? null : json.Policy();

    /// <summary>The message of the JSON reader without its line number, which is always 0 here.</summary>
    private static string Describe(JsonException exception)
    {
        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var message = end < 0 ? exception.Message : exception.Message[..end];
        return exception.BytePositionInLine is { } position
            ? $"The line is not valid JSON at byte {position}: {message}"
            : $"The line is not valid JSON: {message}";
    }
}
