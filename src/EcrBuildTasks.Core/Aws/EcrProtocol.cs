using System.Net;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using Amazon.Runtime.Internal.Util;
using EcrBuildTasks.Aws.Model;

namespace EcrBuildTasks.Aws;

internal sealed class EcrMarshaller<TRequest>(EcrApi api, string operation)
    : IMarshaller<IRequest, AmazonWebServiceRequest>
    where TRequest : AmazonECRRequest
{
    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var request = new DefaultRequest(input, "Amazon.ECR")
        {
            HttpMethod = "POST",
            ResourcePath = "/",
            Content = JsonSerializer.SerializeToUtf8Bytes((TRequest)input, EcrJson.Of<TRequest>()),
        };
        request.Headers["X-Amz-Target"] = api.TargetPrefix + operation;
        request.Headers["Content-Type"] = "application/x-amz-json-1.1";
        return request;
    }
}

internal sealed class EcrUnmarshaller<TResponse> : JsonResponseUnmarshaller
    where TResponse : AmazonWebServiceResponse
{
    public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext input) =>
        JsonSerializer.Deserialize(input.Stream, EcrJson.Of<TResponse>())
        ?? throw new JsonException($"ECR returned null instead of a {typeof(TResponse).Name}.");

    public override AmazonServiceException UnmarshallException(
        JsonUnmarshallerContext input,
        Exception innerException,
        HttpStatusCode statusCode
    )
    {
        var reader = new StreamingUtf8JsonReader(input.Stream, 4096, input.JsonMaxDepth);
        var error = JsonErrorResponseUnmarshaller.GetInstance().Unmarshall(input, ref reader);
        error.Code = EcrErrors.CodeOf(error.Code);
        error.InnerException = innerException;
        error.StatusCode = statusCode;
        return EcrErrors.ToException(error);
    }
}
