using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace EcrBuildTasks.Aws.Iam;

/// <summary>The question for a role of the caller's account.</summary>
internal sealed class GetRoleRequest : AmazonWebServiceRequest
{
    /// <summary>The role's name, without its path.</summary>
    public required string RoleName { get; init; }
}

/// <summary>A role, as far as anybody here asks.</summary>
internal sealed class GetRoleResponse : AmazonWebServiceResponse
{
    /// <summary>The role's ARN, with its path.</summary>
    public string? Arn { get; set; }
}

internal sealed class GetRoleMarshaller : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    public IRequest Marshall(AmazonWebServiceRequest input) =>
        new DefaultRequest(input, "Amazon.IdentityManagement")
        {
            HttpMethod = "POST",
            ResourcePath = "/",
            Parameters =
            {
                ["Action"] = "GetRole",
                ["Version"] = "2010-05-08",
                ["RoleName"] = ((GetRoleRequest)input).RoleName,
            },
        };
}

internal sealed class GetRoleUnmarshaller : XmlResponseUnmarshaller
{
    public override AmazonWebServiceResponse Unmarshall(XmlUnmarshallerContext input)
    {
        var response = new GetRoleResponse();
        while (input.Read())
        {
            if (input.IsStartElement && input.TestExpression("GetRoleResult/Role/Arn"))
            {
                response.Arn = StringUnmarshaller.Instance.Unmarshall(input);
            }
        }

        return response;
    }

    public override AmazonServiceException UnmarshallException(
        XmlUnmarshallerContext input,
        Exception innerException,
        HttpStatusCode statusCode
    )
    {
        var error = XmlErrorResponseUnmarshaller.GetInstance().Unmarshall(input);
        return new(error.Message, innerException, error.Type, error.Code, error.RequestId, statusCode);
    }
}
