using System.Text.Json;

namespace EcrBuildTasks.Policies.Fixes;

/// <summary>A fix for Terraform's AWS provider.</summary>
/// <remarks>https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecr_repository_policy</remarks>
internal static class TerraformFormat
{
    public static string? Render(PolicyFix fix)
    {
        if (fix.Policy is PolicyKind.Identity)
        {
            return InlinePolicy.Create(fix) is { } inline ? OfInline(fix, inline) : null;
        }

        var repository = fix.Request.RepositoryName;
        var (type, argument) = fix.Request.IsPublic
            ? ("aws_ecrpublic_repository_policy", "repository_name")
            : ("aws_ecr_repository_policy", "repository");
        return fix switch
        {
            { IsTooLong: true } => null,
            { ChangedPolicy: { } whole } => $$"""
                resource "{{type}}" {{HclExpression.Quote(Label(repository))}} {
                  {{argument}} = {{HclExpression.Quote(repository)}}
                  policy = {{JsonEncode(whole, indentation: 2)}}
                }
                """,
            _ => $$"""
                # {{type}} replaces the whole policy, and the current policy of {{repository}} is unknown:
                # add the current policy as the first document, and use the json of this
                # data source as the policy of the resource.
                data "aws_iam_policy_document" {{HclExpression.Quote(Label(repository))}} {
                  source_policy_documents = [
                    {{JsonEncode(PolicyDocument.Empty.With(fix.Statement), indentation: 4)}},
                  ]
                }
                """,
        };
    }

    private static string OfInline(PolicyFix fix, InlinePolicy inline)
    {
        var (resource, holder) = inline.IsForRole ? ("aws_iam_role_policy", "role") : ("aws_iam_user_policy", "user");
        return $$"""
            resource "{{resource}}" {{HclExpression.Quote(Label(fix.Statement.Sid!))}} {
              name = {{HclExpression.Quote(inline.Name)}}
              {{holder}} = {{HclExpression.Quote(inline.Holder)}}
              policy = {{JsonEncode(inline.Policy, indentation: 2)}}
            }
            """;
    }

    private static string JsonEncode(PolicyDocument policy, int indentation) =>
        $"jsonencode({HclExpression.Write(JsonElement.Parse(policy.ToJson()), indentation)})";

    /// <summary>A name as Terraform's labels are written: <c>team-a/web</c> is <c>team_a_web</c>.</summary>
    private static string Label(string name)
    {
        var label = string.Concat(
            name.Select(
                (character, i) =>
                    char.IsAsciiLetterUpper(character) && i > 0 ? $"_{char.ToLowerInvariant(character)}"
                    : char.IsAsciiLetterOrDigit(character) ? $"{char.ToLowerInvariant(character)}"
                    : "_"
            )
        );
        return char.IsAsciiDigit(label[0]) ? "_" + label : label;
    }
}
