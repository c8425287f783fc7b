using System.Text.RegularExpressions;
using Amazon.Runtime.Internal;
using EcrBuildTasks.Aws.Model;

namespace EcrBuildTasks.Aws;

internal static partial class EcrErrors
{
    /// <summary>The error code; empty for a value that is not one, such as the number of a proxy.</summary>
    public static string CodeOf(string? code) => code is not null && Code().IsMatch(code) ? code : "";

    public static AmazonECRException ToException(ErrorResponse error) =>
        error.Code switch
        {
            "EmptyUploadException" => new EmptyUploadException(error),
            "ImageAlreadyExistsException" => new ImageAlreadyExistsException(error),
            "ImageNotFoundException" => new ImageNotFoundException(error),
            "ImageTagAlreadyExistsException" => new ImageTagAlreadyExistsException(error),
            "InvalidLayerException" => new InvalidLayerException(error),
            "InvalidLayerPartException" => new InvalidLayerPartException(error),
            "InvalidParameterException" => new InvalidParameterException(error),
            "KmsException" => new KmsException(error),
            "LayerAlreadyExistsException" => new LayerAlreadyExistsException(error),
            "LayersNotFoundException" => new LayersNotFoundException(error),
            "LimitExceededException" => new LimitExceededException(error),
            "RegistryNotFoundException" => new RegistryNotFoundException(error),
            "RepositoryAlreadyExistsException" => new RepositoryAlreadyExistsException(error),
            "RepositoryNotFoundException" => new RepositoryNotFoundException(error),
            "RepositoryPolicyNotFoundException" => new RepositoryPolicyNotFoundException(error),
            "ScanNotFoundException" => new ScanNotFoundException(error),
            "ServerException" => new ServerException(error),
            "TooManyTagsException" => new TooManyTagsException(error),
            "UploadNotFoundException" => new UploadNotFoundException(error),
            "ValidationException" => new ValidationException(error),
            _ => new AmazonECRException(error),
        };

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_.]{0,99}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();
}
