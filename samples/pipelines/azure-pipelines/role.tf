terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

variable "organization" {
  type        = string
  description = "The name of the Azure DevOps organization"
}

variable "organization_id" {
  type        = string
  description = "The ID of the organization, a GUID"
}

variable "project" {
  type        = string
  description = "The name of the project"
}

variable "service_connection" {
  type        = string
  description = "The name of the AWS service connection"
  default     = "hello-api-push"
}

variable "repository_arn" {
  type        = string
  description = "The ECR repository to push to, such as arn:aws:ecr:eu-west-1:444455556666:repository/hello-api"
}

variable "role_name" {
  type        = string
  description = "The name of the role"
  default     = "hello-api-push"
}

# An account has one provider per issuer: if it already exists, use a data source instead.
resource "aws_iam_openid_connect_provider" "issuer" {
  url            = "https://vstoken.dev.azure.com/${var.organization_id}"
  client_id_list = ["api://AzureADTokenExchange"]
}

# Only pipelines that are allowed to use this service connection can assume the role; the checks of the connection restrict the branches.
resource "aws_iam_role" "push" {
  name = var.role_name
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Federated = aws_iam_openid_connect_provider.issuer.arn }
        Action    = "sts:AssumeRoleWithWebIdentity"
        Condition = {
          StringEquals = {
            "vstoken.dev.azure.com/${var.organization_id}:aud" = "api://AzureADTokenExchange"
            "vstoken.dev.azure.com/${var.organization_id}:sub" = "sc://${var.organization}/${var.project}/${var.service_connection}"
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "push" {
  name = "push"
  role = aws_iam_role.push.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "GetToken"
        Effect   = "Allow"
        Action   = "ecr:GetAuthorizationToken"
        Resource = "*"
      },
      {
        Sid    = "Push"
        Effect = "Allow"
        Action = [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:InitiateLayerUpload",
          "ecr:UploadLayerPart",
          "ecr:CompleteLayerUpload",
          "ecr:PutImage",
        ]
        Resource = var.repository_arn
      },
    ]
  })
}

output "role_arn" {
  value = aws_iam_role.push.arn
}
